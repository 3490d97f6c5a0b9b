"""How hearing from Offorte goes, in figures."""

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
    """The webhook of one account.

    `lag` is for how many seconds the oldest event waits to be applied, 0 where none does; `unconfirmed` events are
    applied, but Offorte was not asked yet.
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
        """Whether Offorte posted to the portal when that was looked at last."""
        return self.endpoint is not None and self.endpoint.state == WebhookEndpoint.State.ACTIVE


def read_health() -> list[Health]:
    """The health of every account that is not disconnected. Two queries."""
    ongoing = Connection.objects.exclude(state__in=[Connection.State.NEW, Connection.State.DISCONNECTED])
    figures = {row["connection_id"]: row for row in _count()}
    return [_describe(one, figures.get(one.pk, {})) for one in ongoing.select_related("webhook_endpoint")]


def _count() -> list[dict[str, Any]]:
    received = Q(state=State.RECEIVED)
    rows = WebhookEvent.objects.filter(state__in=[State.RECEIVED, State.APPLIED, State.FAILED]).order_by()
    figures = rows.values("connection_id").annotate(
        waiting=Count("id", filter=received),
        unconfirmed=Count("id", filter=Q(state=State.APPLIED)),
        failed=Count("id", filter=Q(state=State.FAILED)),
        oldest=Min("received_at", filter=received),
    )
    return [dict(row) for row in figures]


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
