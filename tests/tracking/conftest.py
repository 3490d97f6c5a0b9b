"""An open proposal of a mirrored account, and the list of reasons."""

from collections.abc import Callable

import pytest

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.tracking.models import LostReason
from proposals.models import Proposal
from tests.support.feed import bring_up_to_date
from tests.support.mirrored import mirror_account


@pytest.fixture
def mirrored(simulator: Simulator, connect: Callable[..., Connection]) -> Proposal:
    """An open proposal at Offorte and here."""
    mirror_account(connect(), simulator)
    bring_up_to_date()
    simulator.log.clear()
    return Proposal.objects.filter(status="open").order_by("pk")[0]


@pytest.fixture
def expensive(db: None) -> LostReason:
    return LostReason.objects.get(default="too_expensive")
