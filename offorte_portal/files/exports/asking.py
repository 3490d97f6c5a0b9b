"""Requests, cancels and retries exports. All are recorded, whether sent at once or made by the worker."""

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

# Lists with more rows than this are exported by the worker.
AT_ONCE = 5_000
# Active exports of one person at most, because each stores a copy of its keys.
MOST_ACTIVE = 5


class TooManyError(Exception):
    """The person has the maximum number of active exports."""


@dataclass(frozen=True)
class Wish:
    """A request for an export: the list, the format and the columns, and how the list was filtered."""

    sheet: Sheet
    format: str
    columns: list[str]
    query: str = ""
    narrowed_by: str = ""
    account: Connection | None = None
    is_selection: bool = False


def note_direct(wish: Wish, size: int, by: User) -> Export:
    """Record an export that is sent at once and not stored."""
    return _create(wish, by, size=size, written=size, is_direct=True, state=Export.State.DONE, finished_at=ports.now())


def ask(wish: Wish, keys: Iterable[int], by: User) -> Export:
    """Store the keys of the rows in this order, and have the worker make the file. Raises TooManyError."""
    if Export.objects.filter(requested_by=by, state__in=Export.ACTIVE).count() >= MOST_ACTIVE:
        raise TooManyError
    # Read before the transaction begins: SQLite's lock must not be held for that long.
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
        requested_by_name=str(by),
        **fields,
    )


def cancel(export: Export) -> bool:
    """Cancel an active export and delete what was written of it; return whether it was active."""
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
    """Retry a failed export with the same rows; return whether it could be retried."""
    failed = Export.objects.filter(pk=export.pk, state=Export.State.FAILED, dropped_at__isnull=True)
    is_tried = failed.update(state=Export.State.WAITING, reason=None, attempts=0, written=0, finished_at=None)
    if is_tried:
        enqueue(export.pk)
    return bool(is_tried)
