"""Whose requests go first at Offorte: a person's click, then their bulk job, then the reading of details."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from offorte_portal import ports
from offorte_portal.connections import budget
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import planning
from offorte_portal.runs import lease
from offorte_portal.simulator import Simulator
from offorte_portal.sync import runs, work
from offorte_portal.sync.models import SyncRun
from offorte_portal.writes import draining
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.jobs.conftest import Start
from tests.support.clock import Clock
from tests.support.mirrored import mirror_account

pytestmark = pytest.mark.django_db(transaction=True)

# Virtual seconds that each of two tasks works before the other one does.
TURN = 3


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    made = Clock(datetime.now(UTC))
    with monkeypatch.context() as patch:
        patch.setattr(ports, "clock", made)
        lease._clock.forget()
        yield made
    lease._clock.forget()


@pytest.fixture
def account(simulator: Simulator, connect: Callable[..., Connection]) -> Connection:
    """An account of 80 proposals, all mirrored."""
    remote = simulator.account("bouw")
    company = next(iter(remote.companies))
    for number in range(80 - len(remote.proposals)):
        remote.create_proposal(company, name=f"Dak {number}")
    connection = connect()
    mirror_account(connection, simulator)
    simulator.log.clear()
    return connection


def reads_and_changes(simulator: Simulator) -> Counter[str]:
    """Count the requests by what they were for, and forget them."""
    kinds = {"GET": "read", "PATCH": "changed"}
    counts = Counter(kinds[request.method] for request in simulator.requests if request.method in kinds)
    simulator.log.clear()
    return counts


def test_reading_details_makes_room_for_a_job_and_still_goes_on(
    simulator: Simulator, account: Connection, start: Start, clock: Clock, settings: Settings
) -> None:
    settings.OFFORTE_REQUESTS_PER_MINUTE = 30
    Proposal.objects.update(details_fingerprint="")
    run = runs.request(account, trigger=SyncRun.Trigger.SCHEDULE, is_queued=False)
    begun = clock.passed
    while clock.passed < begun + 60:
        work.advance(run.pk, seconds=TURN)
    alone = reads_and_changes(simulator)
    job = start("proposals.mark_won", Proposal.objects.exclude(status="won").order_by("pk")[:25])
    planning.plan(job.pk)
    begun = clock.passed
    while job.operations.filter(state=Operation.State.WAITING).exists():
        draining.drain(account.pk, seconds=TURN)
        work.advance(run.pk, seconds=TURN)
    minutes = (clock.passed - begun) / 60
    beside = reads_and_changes(simulator)
    assert alone["read"] > 20
    assert beside["changed"] == job.operations.count()
    assert 1 < beside["read"] / minutes <= 5, "reading yields, and is not stopped"
    assert beside["changed"] / minutes > 10
    budget.gate(account, budget.Lane.PERSON, patience=3).acquire()
