"""Events about objects that Offorte can't be asked for: products and their directories.

By the reference, their payload is the only source of prices, SKUs and VAT groups, and it may hold only some of them. So
each key counts by itself: the row's `told_at` holds the moment of the newest event that gave it, and an older event
never overrides that, however late it comes. An event that is older than the row as a whole is not dropped either: a
list that was read since gives a name and nothing more, and the rest of the event is still new.
"""

from datetime import UTC
from typing import cast

from django.db.models import Q

from catalog.models import Product, ProductDirectory
from offorte_portal.mirror.engine import apply_object
from offorte_portal.mirror.items import fingerprint
from offorte_portal.mirror.tombstones import mark_removed
from offorte_portal.sync.models import SyncRun
from offorte_portal.text.reason import Reason
from offorte_portal.webhooks.effects import EFFECTS, Kind
from offorte_portal.webhooks.models import WebhookEvent
from offorte_portal.webhooks.reading import ParsedEvent
from offorte_portal.webhooks.reasons import EventReason
from offorte_portal.writes.models import Operation

# The keys that Offorte's lists give: a product is in the list of its directory.
LISTED = frozenset({"id", "name", "directory_id"})
_DELETIONS = [name for name, effect in EFFECTS.items() if effect.kind == Kind.DELETED]

_Row = Product | ProductDirectory


def apply(connection_id: int, parsed: ParsedEvent) -> Reason | None:
    """Apply an event about an object without a GET to the mirror; return None if it was new, else the result.

    Runs in a transaction and locks the row, so that what is decided here still holds when it is written.
    """
    resource, remote_id = parsed.effect.resource, parsed.remote_id
    if parsed.effect.kind == Kind.DELETED:
        is_removed = mark_removed(connection_id, resource, [remote_id], as_of=parsed.as_of)
        return EventReason.REMOVED_HERE() if is_removed else EventReason.OLDER()
    if was_deleted_since(connection_id, parsed):
        return EventReason.OLDER()
    model = cast("type[Product]", resource.model)
    rows = model.objects.filter(connection_id=connection_id, remote_id=remote_id)
    row = rows.select_for_update(of=("self",)).first()
    if row is not None and row.removed_at is not None and row.as_of > parsed.as_of:
        return EventReason.OLDER()
    known = known_keys(row, parsed) if row is not None else set()
    news = {key: value for key, value in parsed.data.items() if key not in known}
    if not news:
        return EventReason.OLDER()
    as_of = max(parsed.as_of, row.as_of) if row is not None else parsed.as_of
    apply_object(connection_id, resource, remote_id, news, as_of=as_of)
    moments = {**(row.told_at if row is not None else {}), **dict.fromkeys(news, stamp(parsed))}
    rows.update(told_at=moments)
    return None


def known_keys(row: _Row, parsed: ParsedEvent) -> set[str]:
    """Return the keys of an event that have newer values from events, from lists or from the portal's own writes."""
    mine = stamp(parsed)
    known = {key for key, moment in row.told_at.items() if moment > mine}
    if row.as_of <= parsed.as_of:
        return known
    # What the portal has written to Offorte since.
    writes = Operation.objects.filter(
        connection_id=row.connection_id,
        target=parsed.effect.resource.name,
        remote_id=parsed.remote_id,
        state=Operation.State.DONE,
        sent_at__gt=parsed.as_of,
    )
    known |= {key for draft in writes.values_list("draft", flat=True) for key in draft}
    # The list that last gave the row's values may have more than the reference says, such as prices.
    bucket = str(row.directory_remote_id) if isinstance(row, Product) else ""
    listed = {key: row.payload.get(key) for key in ("id", "name")}
    if row.fingerprint not in {"", fingerprint(listed, bucket)[1]}:
        known |= row.payload.keys()
    # Lists of the account may have been read since.
    runs = SyncRun.objects.filter(connection_id=row.connection_id)
    if runs.filter(Q(finished_at__isnull=True) | Q(finished_at__gte=parsed.as_of)).exists():
        return known | LISTED
    # Keys that no event gave came from a list or from a form.
    return known | {key for key in LISTED if key not in row.told_at and (key in row.payload or getattr(row, key, None))}


def stamp(parsed: ParsedEvent) -> str:
    """Return an event's place in the order of events, as text that sorts in that order."""
    return f"{parsed.happened_at.astimezone(UTC).isoformat(timespec='microseconds')} {parsed.effect.kind:d}"


def was_deleted_since(connection_id: int, parsed: ParsedEvent) -> bool:
    """Return whether an event that counts as later said that the object is deleted."""
    return WebhookEvent.objects.filter(
        connection_id=connection_id,
        resource=parsed.effect.resource.name,
        remote_id=parsed.remote_id,
        state=WebhookEvent.State.DONE,
        name__in=_DELETIONS,
        # In the same second, a deletion is the last event.
        happened_at__gte=parsed.happened_at,
    ).exists()
