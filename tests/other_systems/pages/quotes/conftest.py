"""A system with a dozen quotes, and an Offorte account to copy them to."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from offorte_portal.connections.models import Connection
from offorte_portal.other_systems import runs, work
from offorte_portal.other_systems.models import QuoteImport, Source
from offorte_portal.simulator.sources import SourceSimulator
from tests.other_systems.sources import connect, sign_in
from tests.support.factories import make_connection, make_staff


@pytest.fixture
def other() -> Iterator[SourceSimulator]:
    with SourceSimulator(quotes=12) as running:
        yield running


@pytest.fixture
def client() -> Client:
    return sign_in(make_staff("anna"))


@pytest.fixture
def account() -> Connection:
    return make_connection("bouw")


@pytest.fixture
def load(other: SourceSimulator, account: Connection) -> Callable[..., Source]:
    """Imports a system's quotes."""

    def run(system: str = "workspace", **fields: Any) -> Source:
        options = {"workspace": {"money_divisor": 1000}, "administrate": {"username": "rest@acme.example"}}
        source = connect(other, system, **({"options": options.get(system, {}), "target": account} | fields))
        done = work.import_now(runs.request(source, trigger=QuoteImport.Trigger.COMMAND, is_queued=False))
        assert done.state == "done"
        return source

    return run
