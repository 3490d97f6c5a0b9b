"""Sums of explained losses: the same as a plain recomputation, whatever happened before."""

import uuid
from collections import Counter
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest

from offorte_portal import ports
from offorte_portal.changes import following
from offorte_portal.changes.models import Cursor
from offorte_portal.changes.recording import Source, recording
from offorte_portal.desk import stats
from offorte_portal.desk.models import LossRollup, PendingLoss
from offorte_portal.desk.reports import losses as report
from offorte_portal.mirror.engine import apply_list
from offorte_portal.staff.scope import Scope
from offorte_portal.text.months import Period
from offorte_portal.tracking import losses, reasons
from offorte_portal.tracking.losses import Why
from offorte_portal.tracking.models import Loss, LostReason
from offorte_portal.writes.models import Operation
from proposals.mirror import PROPOSALS
from proposals.models import Proposal
from tests.support.factories import link_by_address, make_account_user, make_connection, make_proposal, make_staff
from tests.support.feed import bring_up_to_date

pytestmark = pytest.mark.django_db

State = Operation.State
MONTHS = Period(date(2026, 1, 1), date(2026, 4, 1))
STATUSES = ("lost", "lost", "lost", "won", "open")


class World:
    """Two accounts with two sellers each, in which things happen at random."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.boss = make_staff("boss")
        self.sanne = make_staff("sanne", email="sanne@x.nl")
        self.accounts = [make_connection("north"), make_connection("south")]
        for account in self.accounts:
            make_account_user(account, remote_id=1, email="sanne@x.nl")
            make_account_user(account, remote_id=2, email="pim@x.nl")
        link_by_address(self.sanne)
        self.reasons = [LostReason.objects.create(name=name) for name in ("Price", "Time", "Budget")]
        for number in range(24):
            self.tell(make_proposal(self.random.choice(self.accounts), price_total=number if number % 5 else None))

    def tell(self, proposal: Proposal) -> None:
        """Let Offorte tell another status, owner and moment."""
        month = self.random.randint(1, 4)
        item = {
            "id": proposal.remote_id,
            "status": self.random.choice(STATUSES),
            "account_user_id": self.random.randint(1, 2),
            "date_modified": f"2026-0{month}-10 12:00:00",
        }
        with recording(proposal.connection_id, Source.EVENT):
            apply_list(proposal.connection_id, PROPOSALS, [item], as_of=ports.now())

    def why(self) -> Why:
        reason = self.random.choice([*self.reasons, None])
        return Why(reason, "" if reason else "Moved", self.random.choice(["", "Bouwcombi", "BOUWCOMBI", "Dakwerk"]))

    def explain(self, proposal: Proposal) -> None:
        losses.explain(proposal, self.why(), by=self.boss)

    def mark(self, proposal: Proposal) -> None:
        """Keep a reason along with a change that waits, as bulk jobs and forms do."""
        operation = Operation.objects.create(
            connection=proposal.connection, verb="change", target="proposals", remote_id=proposal.remote_id,
            key=uuid.uuid4(), state=State.WAITING,
        )  # fmt: skip
        losses.record([(proposal, operation)], self.why(), self.boss)

    def move_on(self, proposal: Proposal) -> None:
        """Let a change be done, fail, be tried again or be forgotten, without any news."""
        pending = Operation.objects.filter(loss__proposal=proposal).exclude(state=State.DONE)
        if self.random.random() < 0.1:
            pending.delete()
        else:
            pending.update(state=self.random.choice([State.DONE, State.FAILED, State.WAITING, State.UNKNOWN]))

    def merge(self, proposal: Proposal) -> None:
        if len(self.reasons) > 2:
            reasons.merge(self.reasons.pop(), self.reasons[0])

    def happen(self) -> None:
        proposal = self.random.choice(list(Proposal.objects.order_by("pk")))
        chances = {self.tell: 30, self.explain: 30, self.mark: 20, self.move_on: 30, self.merge: 1}
        self.random.choices(list(chances), list(chances.values()))[0](proposal)
        if self.random.random() < 0.1:
            stats.sweep()


def recompute(scope: Scope, by: str) -> Counter[Any]:
    """Count the losses that count, one by one."""
    own = set(scope.narrow(Proposal.objects.all()).values_list("pk", flat=True))
    found: Counter[Any] = Counter()
    for loss in losses.counting().filter(proposal__in=own).select_related("proposal__stats", "reason__merged_into"):
        row = loss.proposal.stats
        if row.decided_month and MONTHS.first <= row.decided_month <= MONTHS.last:
            reason = loss.reason.standing.pk if loss.reason else report.OTHER
            key = {"reason": reason, "competitor": loss.competitor_key, "month": row.decided_month}.get(
                by, row.owner_key
            )
            if by != "competitor" or key:
                found[loss.connection_id, key, reason, row.value] += 1
    return found


def read(scope: Scope, by: str) -> dict[Any, tuple[int, Any]]:
    """Return count and value by account, key and reason, as the report adds them up."""
    found: dict[Any, tuple[int, Any]] = {}
    for group in report._read_groups(scope, by, MONTHS):
        number, value = found.get(group[:3], (0, 0))
        found[group[:3]] = number + group.number, value + (group.value or 0)
    return found


def add_up(losses_by_key: Counter[Any]) -> dict[Any, tuple[int, Any]]:
    found: dict[Any, tuple[int, Any]] = {}
    for (account, key, reason, value), count in losses_by_key.items():
        number, total = found.get((account, key, reason), (0, 0))
        found[account, key, reason] = number + count, total + (value or 0) * count
    return found


@pytest.mark.parametrize("seed", range(4))
def test_sums_are_those_of_the_losses_one_by_one(seed: int) -> None:
    world = World(seed)
    bring_up_to_date()
    scopes = [
        Scope(world.boss, is_mine=False),
        Scope(world.sanne, is_mine=True),
        Scope(world.boss, is_mine=False, account=world.accounts[0]),
    ]
    for step in range(60):
        world.happen()
        if step % 4 == 0:
            for scope in scopes:
                for by in ("reason", "competitor", "month", "seller"):
                    assert read(scope, by) == add_up(recompute(scope, by)), (seed, step, by)
    assert LossRollup.objects.exists()


def test_losses_whose_change_was_done_are_added_up_by_the_sweep() -> None:
    proposal = make_proposal(status="lost", remote_modified_at=datetime(2026, 3, 10, tzinfo=UTC))
    operation = Operation.objects.create(
        connection=proposal.connection, verb="change", target="proposals", key=uuid.uuid4(), state=State.UNKNOWN
    )
    Loss.objects.create(connection=proposal.connection, proposal=proposal, operation=operation, words="Moved")
    bring_up_to_date()
    assert (PendingLoss.objects.count(), LossRollup.objects.count()) == (1, 0)
    Operation.objects.update(state=State.DONE)
    stats.sweep()
    assert (PendingLoss.objects.count(), LossRollup.objects.count()) == (0, 1)


def test_an_account_that_never_had_sums_gets_those_of_all_months() -> None:
    for month in (1, 3):
        proposal = make_proposal(status="lost", remote_modified_at=datetime(2026, month, 10, tzinfo=UTC))
        Loss.objects.create(connection=proposal.connection, proposal=proposal, words="Moved")
    bring_up_to_date()
    LossRollup.objects.all().delete()
    Cursor.objects.filter(follower="loss_sums").delete()
    following.sweep()
    assert sorted(LossRollup.objects.values_list("month", "count")) == [(date(2026, 1, 1), 1), (date(2026, 3, 1), 1)]
