"""Registers and withdraws the webhook with the connection, and reports a broken one on every page."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from offorte_portal import ports
from offorte_portal.connections.hooks import Hooks, Problem, register
from offorte_portal.connections.models import Connection
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.webhooks import registration
from offorte_portal.webhooks.models import WebhookEndpoint, WebhookEvent

State = WebhookEndpoint.State


def connected(connection: Connection, request: HttpRequest) -> None:
    """Queue the registration of the portal's webhook."""
    registration.request(connection)


def before_disconnect(connection: Connection) -> str | None:
    """Delete the portal's webhook at Offorte; return a text if it stays there."""
    if registration.withdraw(connection):
        return None
    return _("Its webhook is still registered in Offorte. Offorte switches it off after ten failed deliveries.")


def find_problem(connection: Connection) -> Problem | None:
    """Return the problem of a webhook that does not work, once the administrators were mailed about it."""
    endpoint = find_endpoint(connection)
    if endpoint is None or endpoint.state != State.BROKEN or not endpoint.alerted_at:
        return None
    news = _("The webhook isn’t working, so changes in Offorte only arrive with the next sync.")
    return Problem(
        connection,
        f"{news} {put_into_words(endpoint.reason)}",
        remedy=reverse("webhook_check", args=[connection.pk]),
        button=_("Check now"),
        advice=_("Ask an administrator to look into it."),
        is_post=True,
        overview=reverse("admin:webhooks_webhookevent_changelist"),
    )


def hears(connection: Connection) -> bool:
    """Return whether Offorte's events arrive, as of the last check."""
    endpoint = find_endpoint(connection)
    return endpoint is not None and endpoint.state == State.ACTIVE


def find_endpoint(connection: Connection) -> WebhookEndpoint | None:
    endpoint: WebhookEndpoint | None = getattr(connection, "webhook_endpoint", None)
    return endpoint


def is_busy(connection_id: int) -> bool:
    """Return whether events are due to be applied or confirmed."""
    waiting = WebhookEvent.objects.filter(connection_id=connection_id, state__in=WebhookEvent.OPEN)
    return waiting.exclude(retry_at__gt=ports.now()).exists()


register(
    Hooks(
        connected=connected,
        before_disconnect=before_disconnect,
        find_problem=find_problem,
        hears=hears,
        is_busy=is_busy,
        related=("webhook_endpoint",),
    )
)
