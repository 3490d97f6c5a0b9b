from collections.abc import Iterator

import pytest
from django.test import Client

from offorte_portal.simulator.sources import SourceSimulator
from tests.other_systems.sources import sign_in
from tests.support.factories import make_staff


@pytest.fixture
def other() -> Iterator[SourceSimulator]:
    with SourceSimulator(quotes=8) as running:
        yield running


@pytest.fixture
def client(db: None) -> Client:
    """Somebody who may do everything, signed in."""
    return sign_in(make_staff("anna"))
