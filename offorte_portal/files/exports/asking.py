"""Asking for an export: what is asked is frozen and noted, whether the file is sent at once or made by the worker."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import get_language

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.files.exports.parts import keep_keys
from offorte_portal.files.exports.running import enqueue
from offorte_portal.files.exports.sheets import Sheet
from offorte_portal.files.models import Export

# More rows than these are no matter of a moment.
AT_ONCE = 5_000
# So many of a person's are made or wait at a time: each holds a copy of its keys.
MOST_ACTIVE = 5


class TooManyError(Exception):
    """The person has as many exports under way as anybody may have."""


@dataclass(frozen=True)
class Wish:
    """What a person wants of a list: which rows, in words and as an address, and how they are written."""

    sheet: Sheet
    format: str
    columns: list[str]
    query: str = ""
    narrowed_by: str = ""
    account: Connection | None = None
    is_selection: bool = False


def note_direct(wish: Wish, size: int, by: User) -> Export:
    """Note an export that is sent at once and not kept."""
    return _create(wish, by, size=size, written=size, is_direct=True, state=Export.State.DONE, finished_at=ports.now())


def ask(wish: Wish, keys: Iterable[int], by: User) -> Export:
    """Freeze the rows with these keys, in this order, and have the worker make the file. Raises TooManyError."""
    if Export.objects.filter(requested_by=by, state__in=Export.ACTIVE).count() >= MOST_ACTIVE:
        raise TooManyError
    # Read first: SQLite's lock must not be held for as long as that takes.
    frozen = array("q", keys)
    with transaction.atomic():
        export = _create(wish, by)
        export.size = keep_keys(export, frozen)
        export.save(update_fields=["size"])
    enqueue(export.pk)
    return export


def _create(wish: Wish, by: User, **fields: object) -> Export:
    return Export.objects.create(
        sheet=wish.sheet.name,
        format=wish.format,
        columns=wish.columns,
        language=get_language() or "en",
        query=wish.query,
        narrowed_by=wish.narrowed_by,
        account=wish.account,
        is_selection=wish.is_selection,
        requested_by=by,
        requested_by_name=by.get_full_name() or by.get_username(),
        **fields,
    )


def cancel(export: Export) -> bool:
    """End an export that is not done yet; what was written of it goes."""
    active = Export.objects.filter(pk=export.pk, state__in=Export.ACTIVE)
    with transaction.atomic():
        is_cancelled = active.update(
            state=Export.State.CANCELLED, reason=None, finished_at=ports.now(), lease="", lease_until=None
        )
        if is_cancelled:
            export.key_runs.all().delete()
            export.parts.all().delete()
    return bool(is_cancelled)


def retry(export: Export) -> bool:
    """Try an export that failed once more, with the rows that were asked for."""
    failed = Export.objects.filter(pk=export.pk, state=Export.State.FAILED, dropped_at__isnull=True)
    is_tried = failed.update(state=Export.State.WAITING, reason=None, attempts=0, written=0, finished_at=None)
    if is_tried:
        enqueue(export.pk)
    return bool(is_tried)
