"""Applies pages of lists so that one item that can't be stored does not block the rest of its page."""

import logging
from collections.abc import Collection
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction

from offorte_portal.mirror.engine import apply_list
from offorte_portal.mirror.items import Applied, ItemWarning, listed, remote_id_of
from offorte_portal.mirror.reasons import MirrorReason
from offorte_portal.mirror.resource import Resource

logger = logging.getLogger(__name__)

# Errors that mean that the database is away or busy, whatever was to be written.
DATABASE_AWAY = (OperationalError, InterfaceError)


def apply_page(
    connection_id: int, resource: Resource, raws: Collection[object], *, as_of: datetime, bucket: str = ""
) -> Applied:
    """Apply a page like `apply_list`, but leave out only the items that can't be stored.

    1. The page is applied as a whole, at no extra cost.
    2. If that fails, each item is applied in a savepoint of its own. An item that fails counts as seen, so that it
       isn't taken for removed, and is named in a warning.
    3. If all of several items fail, the cause is not in the items: raises the page's own error.

    Raises DATABASE_AWAY at once.
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
        for refusal in refused:
            applied.add(refusal)
        return applied


def refuse(resource: Resource, raw: object, error: Exception) -> Applied:
    """Return a warning about an item that can't be stored; it counts as seen, with the items nested in it."""
    seen = {resource.name: [remote_id_of(raw)]}
    for nested in resource.nested:
        inner = listed(raw.get(nested.key)) if isinstance(raw, dict) else []
        seen[nested.resource.name] = [remote_id_of(item) for item in inner]
    ids = {name: [remote_id for remote_id in found if remote_id is not None] for name, found in seen.items()}
    return Applied(
        items=1,
        warnings=[ItemWarning(resource.name, remote_id_of(raw), MirrorReason.NOT_STORED(error=type(error).__name__))],
        seen=ids,
    )
