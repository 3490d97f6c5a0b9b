"""Processes events again: those that failed, and bodies from files. What is not new changes nothing."""

from collections.abc import Iterable

from django.db.models import Q
from django.db.models.functions import Length

from offorte_portal import ports
from offorte_portal.webhooks import inbox, storing
from offorte_portal.webhooks.models import WebhookEvent

_ANEW = {
    "state": WebhookEvent.State.RECEIVED,
    "attempts": 0,
    "retry_at": None,
    "finished_at": None,
    "result": None,
    "error": None,
}


def replay(events: Iterable[WebhookEvent]) -> int:
    """Put events back into the queue, as if they had just been stored, and wake the worker; return how many.

    Events whose body was emptied stay as they are, because their contents are gone.
    """
    chosen = list(events)
    rows = WebhookEvent.objects.filter(pk__in=[event.pk for event in chosen])
    has_body = Q(size__gt=0) | Q(received_at__gte=ports.now() - WebhookEvent.BODY_KEPT)
    changed = rows.annotate(size=Length("body")).filter(has_body).update(**_ANEW)
    for connection_id in {event.connection_id for event in chosen}:
        inbox.wake(connection_id)
    return changed


def replay_body(connection_id: int, body: bytes) -> WebhookEvent:
    """Store a body if it is new, and return its event, reset to be processed (again)."""
    storing.store(connection_id, body)
    event = WebhookEvent.objects.get(connection_id=connection_id, digest=storing.digest(body, ports.now()))
    WebhookEvent.objects.filter(pk=event.pk).update(**_ANEW, body=body)
    return event
