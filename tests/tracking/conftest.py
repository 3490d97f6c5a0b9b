"""An open proposal of a mirrored account, the list of reasons, and follow-ups on a fixed Thursday."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.tracking.models import FollowUp, LostReason
from proposals.models import Proposal
from tests.support.clock import Clock
from tests.support.factories import link, make_proposal
from tests.support.feed import bring_up_to_date
from tests.support.fixtures import member
from tests.support.mirrored import mirror_account

# In Amsterdam an hour later.
THURSDAY = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
Note = Callable[..., FollowUp]


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


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(THURSDAY)
    monkeypatch.setattr(ports, "clock", clock)
    return clock


@pytest.fixture
def someone(db: None) -> User:
    """A seller who is an Offorte user."""
    user = member("Seller", "sanne", email="sanne@example.com")
    link(user)
    return user


@pytest.fixture
def note(db: None) -> Note:
    """Makes a follow-up, due in so many days, of a proposal of its own."""

    def make(user: User | None, days: float = 0, **fields: Any) -> FollowUp:
        proposal = fields.pop("proposal", None) or make_proposal(name="Dak", company_name="De Vries")
        known = {"connection": proposal.connection, "proposal": proposal, "assigned_to": user}
        known["due_at"] = ports.now() + timedelta(days=days)
        return FollowUp.objects.create(**(known | fields))

    return make
