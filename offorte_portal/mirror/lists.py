"""Pages of lists on which something may be that can't be stored: the rest of the page is mirrored all the same."""

import logging
from collections.abc import Collection
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction

from offorte_portal.mirror.engine import apply_list
from offorte_portal.mirror.items import Applied, Oddity, listed, remote_id_of
from offorte_portal.mirror.reasons import MirrorReason
from offorte_portal.mirror.resource import Resource

logger = logging.getLogger(__name__)

# What says that the database is away or busy, and nothing of what was to be written.
DATABASE_AWAY = (OperationalError, InterfaceError)


def apply_page(
    connection_id: int, resource: Resource, raws: Collection[object], *, as_of: datetime, bucket: str = ""
) -> Applied:
    """Apply a page like `apply_list`; where that fails, one item at a time, so that only what can't be stored is left.

    1. The page is applied as a whole, which costs nothing more.
    2. If something on it was refused, each item is applied in a savepoint of its own. One that is refused counts as
       seen, so that it isn't taken for gone, and is named in a warning.
    3. If all of them were refused it is not for what is in them: raises what refused the page. Raises DATABASE_AWAY.
    """
    try:
        return apply_list(connection_id, resource, raws, as_of=as_of, bucket=bucket)
    except DATABASE_AWAY:
        raise
    except Exception:
        logger.exception("Account %s: a page of %s can't be stored as a whole", connection_id, resource.name)
        applied, refused = Applied(), []
        for raw in raws:
            try:
                with transaction.atomic():
                    applied.add(apply_list(connection_id, resource, [raw], as_of=as_of, bucket=bucket))
            except DATABASE_AWAY:
                raise
            except Exception as error:
                logger.exception("Account %s: %s %s can't be stored", connection_id, resource.name, remote_id_of(raw))
                refused.append(refuse(resource, raw, error))
        if len(refused) == len(raws) > 1:
            raise
        for one in refused:
            applied.add(one)
        return applied


def refuse(resource: Resource, raw: object, error: Exception) -> Applied:
    """Name an item that can't be stored; it was seen all the same, with what is inside it."""
    seen = {resource.name: [remote_id_of(raw)]}
    for nested in resource.nested:
        inner = listed(raw.get(nested.key)) if isinstance(raw, dict) else []
        seen[nested.resource.name] = [remote_id_of(one) for one in inner]
    ids = {name: [one for one in found if one is not None] for name, found in seen.items()}
    return Applied(
        items=1,
        oddities=[Oddity(resource.name, remote_id_of(raw), MirrorReason.NOT_STORED(error=type(error).__name__))],
        seen=ids,
    )
