"""Events of what Offorte can't be asked for: products and their directories.

Their payload is the only source of prices, SKUs and VAT groups. So an event is not dropped for being older than the
row: a list that was read since tells a name and nothing more, and the rest of the event is still news.
"""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_noop

from offorte_portal.mirror.engine import apply_object, mark_removed
from offorte_portal.mirror.resource import Resource
from offorte_portal.models import Operation, WebhookEvent
from offorte_portal.services.webhooks.effects import Kind
from offorte_portal.services.webhooks.reading import NotUnderstoodError, Told, parse, read

REMOVED = gettext_noop("Removed.")
OLDER = gettext_noop("Older than what is known.")

# What Offorte's lists of them tell.
LISTED = frozenset({"id", "name"})
# So many later events of the object are looked at.
_MOST_LATER = 5


def apply(connection_id: int, told: Told) -> str:
    """Bring an event of an object without a GET into the mirror; "" where it was news, else what came of it."""
    resource, remote_id = told.effect.resource, told.remote_id
    later = list(find_later(connection_id, told))
    if told.effect.kind == Kind.DELETED:
        return REMOVED if mark_removed(connection_id, resource, [remote_id], as_of=told.as_of) else OLDER
    if any(event.effect.kind == Kind.DELETED for event in later):
        return OLDER
    known = {key for event in later for key in event.data}
    row = resource.model._default_manager.filter(connection_id=connection_id, remote_id=remote_id).first()
    as_of = told.as_of
    if row is not None and row.as_of > as_of:
        if row.removed_at is not None:
            return OLDER
        known |= LISTED | written_since(connection_id, resource, remote_id, as_of)
        as_of = row.as_of
    news = {key: value for key, value in told.data.items() if key not in known}
    if not news:
        return OLDER
    apply_object(connection_id, resource, remote_id, news, as_of=as_of)
    return ""


def find_later(connection_id: int, told: Told) -> Iterator[Told]:
    """The events of the object that happened later and were applied before."""
    events = WebhookEvent.objects.filter(
        connection_id=connection_id,
        resource=told.effect.resource.name,
        remote_id=told.remote_id,
        state=WebhookEvent.State.DONE,
        happened_at__gte=told.happened_at,
    )
    for event in events.order_by("-happened_at", "-id")[:_MOST_LATER]:
        try:
            other = read(parse(bytes(event.body)), event.received_at)
        except NotUnderstoodError:  # understood by an earlier version only
            continue
        if other.order > told.order:
            yield other


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
