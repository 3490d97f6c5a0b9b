from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User

from offorte_portal.connections.models import Connection
from offorte_portal.other_systems import runs, work
from offorte_portal.other_systems.copy_plan import Choice
from offorte_portal.other_systems.models import QuoteImport, Source
from offorte_portal.simulator import Simulator
from offorte_portal.simulator.sources import SourceSimulator
from tests.support.factories import make_staff
from tests.support.mirrored import mirror_account

OPTIONS: dict[str, dict[str, Any]] = {
    "administrate": {"username": "rest@acme.example"},
    "workspace": {"money_divisor": 1000},
}
SYSTEMS = ["cirrus", "fynn", "workspace", "administrate"]


@pytest.fixture
def other() -> Iterator[SourceSimulator]:
    with SourceSimulator(quotes=24) as running:
        yield running


@pytest.fixture
def add_source(db: None, other: SourceSimulator) -> Callable[..., Source]:
    """Makes a connection to one of the simulated systems."""

    def make(system: str, **fields: Any) -> Source:
        defaults = {
            "label": system.title(),
            "base_url": other.systems[system].url,
            "secret": other.systems[system].secret,
            "options": OPTIONS.get(system, {}),
            "requests_per_second": 0,
        }
        return Source.objects.create(system=system, **(defaults | fields))

    return make


@pytest.fixture
def account(simulator: Simulator, connect: Callable[..., Connection]) -> Connection:
    """The simulator's account, mirrored."""
    connection = connect()
    mirror_account(connection, simulator)
    return connection


@pytest.fixture
def source(account: Connection, add_source: Callable[..., Source]) -> Source:
    """Workspace with its quotes imported, for that account."""
    made = add_source("workspace", target=account)
    run_import(made)
    return made


@pytest.fixture
def staff(db: None) -> User:
    return make_staff()


def run_import(source: Source, **options: Any) -> QuoteImport:
    """An import, to its end or until it waits."""
    source.refresh_from_db()
    run = runs.request(source, trigger=QuoteImport.Trigger.COMMAND, is_queued=False, **options)
    return work.import_now(run)


def choose(account: Connection, **options: Any) -> Choice:
    """The choices of a copy that creates the customers that are new."""
    given: dict[str, Any] = {"price_table": "pricetable1", "currency": "EUR", "default_vat": Decimal(21)}
    return Choice(connection=account, **(given | {"makes_unknown_customers": True} | options))
