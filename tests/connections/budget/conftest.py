"""An account, a clock and gates to the account that go by that clock."""

from collections.abc import Callable

import pytest

from offorte_portal.connections.allowance import Allowance
from offorte_portal.connections.budget import AccountGate, Lane
from offorte_portal.connections.models import Connection
from tests.connections.budget.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def connection() -> Connection:
    return Connection.objects.create(account="bouw", client_id="id", client_secret="hush")


@pytest.fixture
def open_gate(connection: Connection, clock: Clock) -> Callable[..., AccountGate]:
    def open_gate(lane: Lane = Lane.PERSON, *, limit: int = 30, patience: float = 5) -> AccountGate:
        return AccountGate(connection.pk, lane, Allowance(limit), patience, now=clock.now, sleep=clock.sleep)

    return open_gate
