"""A mirrored account whose reader is worked by hand, and the time that passes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.simulator.account import Account
from offorte_portal.sync.reading import reader
from offorte_portal.webhooks.models import WebhookEndpoint
from proposals.models import Proposal


@dataclass
class World:
    """An account that is read up to date."""

    simulator: Simulator
    account: Account
    connection: Connection

    def turn(self) -> list[int]:
        """Let the reader take one turn; the proposals that it asked for, in order."""
        self.simulator.log.clear()
        reader.read(self.connection.pk)
        paths = [request.path.strip("/").split("/") for request in self.simulator.requests]
        return [int(path[1]) for path in paths if path[-1] == "details"]

    def age(self, remote_id: int | None = None, **ago: float) -> None:
        """Let the details of one proposal, or of all, be so old."""
        rows = Proposal.objects.filter(connection=self.connection)
        rows = rows.filter(remote_id=remote_id) if remote_id is not None else rows
        rows.update(details_as_of=timezone.now() - timedelta(**ago))

    def of_status(self, *statuses: str) -> list[int]:
        return sorted(id for id, one in self.account.proposals.items() if one["status"] in statuses)

    def have_webhook(self) -> None:
        WebhookEndpoint.objects.create(connection=self.connection, token="t", token_hash="h", state="active")

    def row(self, remote_id: int) -> Proposal:
        return Proposal.objects.get(connection=self.connection, remote_id=remote_id)


@pytest.fixture
def world(simulator: Simulator, mirror: Callable[..., Connection], settings: Settings) -> World:
    """Everything was read a moment ago."""
    settings.OFFORTE_REQUESTS_PER_MINUTE = 0
    return World(simulator, simulator.account("bouw"), mirror())
