"""Figures on how well events arrive from Offorte."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.webhooks.models import WebhookEndpoint, WebhookEvent

State = WebhookEvent.State


@dataclass(frozen=True, slots=True)
class Health:
    """The state of one account's webhook and events.

    `lag` is how many seconds the oldest event has waited to be applied, 0 if none waits; `unconfirmed` events are
    applied, but Offorte was not asked about them yet.
    """

    connection: Connection
    endpoint: WebhookEndpoint | None
    heard_at: datetime | None
    lag: float
    waiting: int
    unconfirmed: int
    failed: int

    @property
    def is_active(self) -> bool:
        """Whether Offorte posted to the portal as of the last check."""
        return self.endpoint is not None and self.endpoint.state == WebhookEndpoint.State.ACTIVE


def read_health() -> list[Health]:
    """Return the health of every account that is neither new nor disconnected, with two queries."""
    ongoing = Connection.objects.exclude(state__in=[Connection.State.NEW, Connection.State.DISCONNECTED])
    received = Q(state=State.RECEIVED)
    rows = WebhookEvent.objects.filter(state__in=[State.RECEIVED, State.APPLIED, State.FAILED]).order_by()
    counted = rows.values("connection_id").annotate(
        waiting=Count("id", filter=received),
        unconfirmed=Count("id", filter=Q(state=State.APPLIED)),
        failed=Count("id", filter=Q(state=State.FAILED)),
        oldest=Min("received_at", filter=received),
    )
    figures = {row["connection_id"]: dict(row) for row in counted}
    return [_describe(account, figures.get(account.pk, {})) for account in ongoing.select_related("webhook_endpoint")]


def _describe(connection: Connection, row: dict[str, Any]) -> Health:
    endpoint: WebhookEndpoint | None = getattr(connection, "webhook_endpoint", None)
    oldest: datetime | None = row.get("oldest")
    return Health(
        connection=connection,
        endpoint=endpoint,
        heard_at=endpoint.heard_at if endpoint else None,
        lag=max(0.0, (ports.now() - oldest).total_seconds()) if oldest else 0.0,
        waiting=row.get("waiting", 0),
        unconfirmed=row.get("unconfirmed", 0),
        failed=row.get("failed", 0),
    )
