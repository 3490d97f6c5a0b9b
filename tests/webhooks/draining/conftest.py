"""An account that is connected, and its other side at Offorte."""

from collections.abc import Callable

import pytest

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.simulator.account import Account

Connect = Callable[..., Connection]


@pytest.fixture
def account(simulator: Simulator) -> Account:
    return simulator.account("bouw")


@pytest.fixture
def connection(connect: Connect) -> Connection:
    return connect()
