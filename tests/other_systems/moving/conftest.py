from collections.abc import Iterator
from typing import Any

import pytest

from offorte_portal.connections.models import Connection
from offorte_portal.other_systems.models import ListReading, MovedItem, Source
from offorte_portal.other_systems.moving import reading
from offorte_portal.other_systems.moving.judging import MoveChoice
from offorte_portal.simulator.sources import SourceSimulator

KINDS = frozenset({"company", "person", "product"})


@pytest.fixture
def other() -> Iterator[SourceSimulator]:
    """Two pages of customers, and less than one of articles."""
    with SourceSimulator(quotes=4, customers=60, articles=30) as running:
        yield running


def read(source: Source) -> ListReading:
    """A reading of the lists, to its end or until it waits."""
    source.refresh_from_db()
    return reading.read_now(reading.request(source, is_queued=False))


def choose(account: Connection, **options: Any) -> MoveChoice:
    given: dict[str, Any] = {"kinds": KINDS, "takes_other_currencies": True}
    return MoveChoice(connection=account, **(given | options))


def item(source: Source, kind: str, key: object) -> MovedItem:
    return source.moved_items.get(kind=kind, external_id=str(key))
