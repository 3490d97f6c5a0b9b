"""The portal's webhook at Offorte: registered once, found by its address, and repaired if Offorte has switched it off.

A webhook is ours only if it leads to this portal, or did under an earlier PORTAL_URL; those of other parties are left
alone. Whatever came of a request, the next check starts from Offorte's own list, so that a lost answer never causes a
second registration. Addresses in Offorte's answers are concealed (`api/concealing.py`) and are compared in that form.
"""

import logging
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, cast

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q

from offorte_portal import ports
from offorte_portal.api.client import Client
from offorte_portal.api.drafts import WebhookDraft
from offorte_portal.api.errors import (
    AuthenticationFailed,
    NotConnected,
    NotFound,
    OfforteError,
    OutcomeUnknown,
    Rejected,
    Unavailable,
)
from offorte_portal.connections import connecting as connections
from offorte_portal.connections.budget import Lane
from offorte_portal.connections.models import Connection
from offorte_portal.connections.oauth.address import is_loopback
from offorte_portal.mirror.engine import apply_list
from offorte_portal.mirror.items import remote_id_of
from offorte_portal.mirror.resource import Json
from offorte_portal.mirror.tombstones import mark_removed
from offorte_portal.ports import queueing
from offorte_portal.sync import runs as run
from offorte_portal.sync.models import SyncRun
from offorte_portal.sync.reading import reader
from offorte_portal.text.reason import Reason
from offorte_portal.webhooks import address, alerts
from offorte_portal.webhooks.mirror import WEBHOOKS
from offorte_portal.webhooks.models import Webhook, WebhookEndpoint
from offorte_portal.webhooks.reasons import EndpointReason

logger = logging.getLogger(__name__)

# Longer than a check takes, so that the lock expires only if its process died.
LOCK_SECONDS = 300
# Offorte's own limit (reference, "Webhooks").
MOST_WEBHOOKS = 10

State = WebhookEndpoint.State


@dataclass
class Found:
    """The account's webhooks at Offorte: ours, and how many there are in all."""

    ours: list[Json] = field(default_factory=list)
    total: int = 0


def request(connection: Connection) -> None:
    """Queue the registration of the account's webhook, which mails nobody."""
    queueing.queue(register_webhook, connection.pk, name=f"Webhook of {connection.pk}")


def sweep() -> None:
    """Queue the registration for connected accounts whose webhook is not registered yet."""
    unregistered = Q(webhook_endpoint=None) | Q(webhook_endpoint__state=State.NEW)
    for connection in Connection.objects.filter(unregistered, state=Connection.State.CONNECTED):
        request(connection)


def request_all() -> None:
    """Queue a check of the webhook of every connected account, each as its own task because one may be slow."""
    for connection in Connection.objects.filter(state=Connection.State.CONNECTED).order_by("pk"):
        queueing.queue(check_webhook, connection.pk, name=f"Look at the webhook of {connection.pk}")


def register_webhook(connection_id: int) -> None:
    """Register the webhook of an account that was just connected. This is the task."""
    check(Connection.objects.get(pk=connection_id), lane=Lane.PERSON, is_told=False)


def check_webhook(connection_id: int) -> None:
    """Check that Offorte still posts an account's events to the portal. This is the task."""
    check(Connection.objects.get(pk=connection_id), lane=Lane.BACKGROUND)


def check(connection: Connection, *, lane: Lane, is_told: bool = True) -> WebhookEndpoint:
    """Register, repair or confirm the account's webhook; if that fails, record why and what to do about it.

    If events may have been missed, a sync is started. With `is_told`, the administrators get one mail about the
    trouble.
    """
    endpoint = address.ensure(connection)
    if not can_be_reached():
        return note(endpoint, State.BROKEN, EndpointReason.NOT_HTTPS())
    was_active = endpoint.state == State.ACTIVE
    # Two processes that both find no webhook would register two.
    lock = f"webhook-check:{connection.pk}"
    if not cache.add(lock, 1, LOCK_SECONDS):
        return endpoint
    try:
        client = connections.client(connection, lane)
        with closing(client.transport):
            trouble = settle(client, connection, endpoint)
    except OfforteError as error:
        return fail(endpoint, error, is_told=is_told)
    finally:
        cache.delete(lock)
    if trouble or not was_active:
        reader.note_gap(connection)
    if trouble:
        run.request(connection, trigger=SyncRun.Trigger.SCHEDULE)
        if is_told:
            alerts.tell_repaired(endpoint, trouble)
    else:
        alerts.clear(endpoint)
    return endpoint


def withdraw(connection: Connection) -> bool:
    """Delete our webhook at Offorte before the account is disconnected; return whether none of ours is left there.

    If that fails, Offorte switches it off by itself after ten failed deliveries.
    """
    endpoint = WebhookEndpoint.objects.filter(connection=connection).first()
    if endpoint is None or endpoint.remote_id is None:
        return True
    try:
        client = connections.client(connection, Lane.PERSON)
        with closing(client.transport):
            client.delete_webhook(endpoint.remote_id)
    except NotFound:
        pass
    except OfforteError as error:
        logger.warning("The webhook of account %s stays at Offorte: %s", connection.pk, error)
        return False
    mark_removed(connection.pk, WEBHOOKS, [endpoint.remote_id], as_of=ports.now())
    note(endpoint, State.NEW, None, remote_id=None)
    return True


def can_be_reached() -> bool:
    """Return whether Offorte can post to this portal: by https, or from a simulator on the same machine."""
    portal, offorte = settings.PORTAL_URL, settings.OFFORTE_API_URL
    return portal.startswith("https://") or (is_loopback(portal) and is_loopback(offorte))


def settle(client: Client, connection: Connection, endpoint: WebhookEndpoint) -> Reason | None:
    """Make Offorte's list hold our webhook, once and active; return why events may have been missed, or None.

    Raises any OfforteError.
    """
    found = find(client, endpoint)
    was_registered = endpoint.remote_id is not None
    if not found.ours:
        if found.total >= MOST_WEBHOOKS:
            raise Rejected(EndpointReason.TOO_MANY())
        create(client, endpoint)
        keep(endpoint, find(client, endpoint))
        return EndpointReason.MISSING() if was_registered else None
    # The one with the right address is kept, then an active one, then the oldest.
    url = address.concealed_url(endpoint)
    kept, *doubles = sorted(
        found.ours,
        key=lambda webhook: (webhook.get("payload_url") != url, webhook.get("active") is False, int(webhook["id"])),
    )
    for double in doubles:
        client.delete_webhook(int(double["id"]))
        mark_removed(connection.pk, WEBHOOKS, [int(double["id"])], as_of=ports.now())
    change = what_to_change(kept, endpoint)
    if change:
        client.update_webhook(int(kept["id"]), change)
        found = find(client, endpoint)
    keep(endpoint, found)
    if "active" in change:
        return EndpointReason.SWITCHED_OFF()
    has_missed = "events" in change or not address.leads_here(endpoint, str(kept.get("payload_url", "")))
    return EndpointReason.CHANGED() if was_registered and has_missed else None


def find(client: Client, endpoint: WebhookEndpoint) -> Found:
    """Read Offorte's list of webhooks, and apply it to the mirror."""
    found = Found()
    for page in client.list_webhooks():
        apply_list(endpoint.pk, WEBHOOKS, page.items, as_of=page.requested_at)
        found.total += len(page.items)
        found.ours += [
            item
            for item in page.items
            if address.is_ours(endpoint, remote_id_of(item), str(item.get("payload_url", "")))
        ]
    return found


def create(client: Client, endpoint: WebhookEndpoint) -> None:
    """Register our address for all events; the list shows whether it worked. Raises Rejected if there are too many."""
    url = address.full_url(endpoint)
    draft: WebhookDraft = {"payload_url": url, "payload_content_type": "json", "active": True, "events": ["all"]}
    try:
        client.create_webhook(draft)
    except OutcomeUnknown:
        logger.info("Offorte's answer to the registration of the webhook of account %s was lost", endpoint.pk)
    except Rejected as error:
        # Somebody may have registered the tenth webhook since the list was read.
        raise Rejected(EndpointReason.TOO_MANY()) if str(MOST_WEBHOOKS) in error.detail else error from None


def what_to_change(webhook: Json, endpoint: WebhookEndpoint) -> WebhookDraft:
    """Return the changes that make our webhook what it should be; empty if there are none."""
    change: dict[str, Any] = {}
    if webhook.get("payload_url") != address.concealed_url(endpoint):
        change["payload_url"] = address.full_url(endpoint)
    if webhook.get("active") is False:
        change["active"] = True
    if "all" not in (webhook.get("events") or ["all"]):
        change["events"] = ["all"]
    return cast("WebhookDraft", change)


def keep(endpoint: WebhookEndpoint, found: Found) -> None:
    """Record that our webhook is active. Raises Unavailable if Offorte's list does not hold it."""
    url = address.concealed_url(endpoint)
    ids = [int(webhook["id"]) for webhook in found.ours if webhook.get("payload_url") == url]
    if not ids:
        raise Unavailable
    note(endpoint, State.ACTIVE, None, remote_id=ids[0])


def fail(endpoint: WebhookEndpoint, error: OfforteError, *, is_told: bool) -> WebhookEndpoint:
    """Record why the check failed, unless it can be retried or the problem is reported elsewhere."""
    logger.info("The webhook of account %s could not be looked after: %s", endpoint.pk, error)
    if error.can_retry or isinstance(error, AuthenticationFailed | NotConnected | OutcomeUnknown):
        return endpoint
    note(endpoint, State.BROKEN, error.explanation)
    if is_told:
        alerts.tell_broken(endpoint, error.explanation)
    return endpoint


def note(endpoint: WebhookEndpoint, state: State, reason: Reason | None, **columns: Any) -> WebhookEndpoint:
    """Record the state of our webhook and when it was checked."""
    columns |= {"state": state, "reason": reason, "checked_at": ports.now()}
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(**columns)
    endpoint.refresh_from_db()
    return endpoint


def is_current(endpoint: WebhookEndpoint) -> bool:
    """Return whether Offorte's list, as last read, holds the current address; not yet so right after a rotation."""
    if endpoint.remote_id is None:
        return False
    rows = Webhook.objects.filter(connection_id=endpoint.pk, remote_id=endpoint.remote_id).present()
    return rows.filter(payload_url=address.concealed_url(endpoint)).exists()
