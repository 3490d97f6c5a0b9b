"""A small simulator and a client for it."""

from collections.abc import Iterator

import pytest

from offorte_portal.simulator import Simulator, Size
from offorte_portal.simulator.account import Account
from tests.simulator.client import Client

SMALL = Size(companies=12, people=20, directories=3, products=15, proposals=14)


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator({"bouw": SMALL}, requests_per_minute=None, vintage="2018") as simulator:
        yield simulator


@pytest.fixture
def account(sim: Simulator) -> Account:
    return sim.account("bouw")


@pytest.fixture
def api(sim: Simulator) -> Iterator[Client]:
    client = Client(sim)
    yield client
    client.session.close()
