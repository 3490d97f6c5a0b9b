"""Events as Offorte posts them, straight into the inbox."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.webhooks import draining, storing
from offorte_portal.webhooks.models import WebhookEvent

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def paths(simulator: Simulator) -> list[str]:
    """What was asked of Offorte, in order."""
    return [request.path for request in simulator.requests]


def now() -> datetime:
    return timezone.now()


def stamp(moment: datetime) -> str:
    """A moment as Offorte prints it in events."""
    return moment.astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M:%S")


def post(connection: Connection, name: str, data: Any, at: datetime | str | None = None) -> WebhookEvent:
    """Store an event; without `at` it has no date."""
    content = {"type": name, "data": data}
    if at is not None:
        content = {"type": name, "date_created": stamp(at) if isinstance(at, datetime) else at, "data": data}
    return post_raw(connection, json.dumps(content).encode())


def post_raw(connection: Connection, body: bytes) -> WebhookEvent:
    """Store a body."""
    storing.store(connection.pk, body)
    return WebhookEvent.objects.order_by("-id")[0]


def drain(connection: Connection, **options: Any) -> None:
    """Work on all that can be done now."""
    draining.drain(connection.pk, **{"settle": 0, "seconds": 60, **options})


def states() -> dict[str, int]:
    """How many events there are in each state."""
    found = list(WebhookEvent.objects.values_list("state", flat=True))
    return {state: found.count(state) for state in sorted(set(found))}
