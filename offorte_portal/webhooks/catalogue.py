"""Events of what Offorte can't be asked for: products and their directories.

Their payload is the only source of prices, SKUs and VAT groups, and it may tell only some of them. So each key of it
counts by itself: `told_at` of the row holds the moment of the newest event that told it, and an older event never wins
over that, however late it comes. An event that is older than the row as a whole is not dropped either: a list that was
read since tells a name and nothing more, and the rest of the event is still news.
"""

from datetime import UTC, datetime
from typing import cast

from django.db.models import Q

from catalog.models import Product, ProductDirectory
from offorte_portal.mirror.engine import apply_object, mark_removed
from offorte_portal.mirror.items import fingerprint
from offorte_portal.mirror.resource import Resource
from offorte_portal.sync.models import SyncRun
from offorte_portal.text.reason import Reason
from offorte_portal.webhooks.effects import EFFECTS, Kind
from offorte_portal.webhooks.models import WebhookEvent
from offorte_portal.webhooks.reading import ParsedEvent
from offorte_portal.webhooks.reasons import EventReason
from offorte_portal.writes.models import Operation

# What Offorte's lists of them tell: a product is in the list of its directory.
LISTED = frozenset({"id", "name", "directory_id"})
_DELETIONS = [name for name, effect in EFFECTS.items() if effect.kind == Kind.DELETED]

_Row = Product | ProductDirectory


def apply(connection_id: int, parsed: ParsedEvent) -> Reason | None:
    """Bring an event of an object without a GET into the mirror; None where it was news, else what came of it.

    Within a transaction: the row is locked, so that what is decided here still holds when it is written.
    """
    resource, remote_id = parsed.effect.resource, parsed.remote_id
    if parsed.effect.kind == Kind.DELETED:
        return (
            EventReason.REMOVED_HERE()
            if mark_removed(connection_id, resource, [remote_id], as_of=parsed.as_of)
            else EventReason.OLDER()
        )
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
    """The keys of an event of which something newer is known: by events, by lists or by what the portal wrote."""
    mine = stamp(parsed)
    known = {key for key, moment in row.told_at.items() if moment > mine}
    if row.as_of <= parsed.as_of:
        return known
    resource = parsed.effect.resource
    known |= written_since(row.connection_id, resource, parsed.remote_id, parsed.as_of)
    if is_listed_whole(row):
        known |= row.payload.keys()
    if is_read_since(row.connection_id, parsed.as_of):
        return known | LISTED
    # What no event told came from a list or from a form.
    return known | {key for key in LISTED if key not in row.told_at and (key in row.payload or getattr(row, key, None))}


def is_listed_whole(row: _Row) -> bool:
    """Whether the list that said last what the row holds tells more than the reference says: prices, too."""
    bucket = str(row.directory_remote_id) if isinstance(row, Product) else ""
    listed = {key: row.payload.get(key) for key in ("id", "name")}
    return row.fingerprint not in {"", fingerprint(listed, bucket)[1]}


def stamp(parsed: ParsedEvent) -> str:
    """An event's place in the order of events, as text that sorts alike."""
    return f"{parsed.happened_at.astimezone(UTC).isoformat(timespec='microseconds')} {parsed.effect.kind:d}"


def was_deleted_since(connection_id: int, parsed: ParsedEvent) -> bool:
    """Whether an event that counts later said that the object is gone."""
    return WebhookEvent.objects.filter(
        connection_id=connection_id,
        resource=parsed.effect.resource.name,
        remote_id=parsed.remote_id,
        state=WebhookEvent.State.DONE,
        name__in=_DELETIONS,
        # Of one second a deletion is the last.
        happened_at__gte=parsed.happened_at,
    ).exists()


def is_read_since(connection_id: int, as_of: datetime) -> bool:
    """Whether lists of the account may have been read since."""
    runs = SyncRun.objects.filter(connection_id=connection_id)
    return runs.filter(Q(finished_at__isnull=True) | Q(finished_at__gte=as_of)).exists()


def written_since(connection_id: int, resource: Resource, remote_id: int, as_of: datetime) -> set[str]:
    """The parameters of the object that the portal has written to Offorte since."""
    operations = Operation.objects.filter(
        connection_id=connection_id,
        target=resource.name,
        remote_id=remote_id,
        state=Operation.State.DONE,
        sent_at__gt=as_of,
    )
    return {key for draft in operations.values_list("draft", flat=True) for key in draft}
