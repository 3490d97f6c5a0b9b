"""What needs attention: counts, and the rows behind them."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from offorte_portal.activity.models import Activity
from offorte_portal.connections.models import Connection
from offorte_portal.desk import attention, stats, thresholds
from offorte_portal.desk.models import CommentState, DeskSettings, ProposalStats
from offorte_portal.jobs.models import Job
from offorte_portal.staff.scope import Scope
from offorte_portal.tracking.models import FollowUp
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.support.factories import link, make_connection, make_proposal, make_staff

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def sanne() -> User:
    user = make_staff("sanne", email="elsewhere@example.com")
    link(user, email="sanne@example.com")
    return user


def mine(user: User, **options: Any) -> Scope:
    return Scope(user, is_mine=True, accounts=tuple(Connection.objects.values_list("pk", flat=True)), **options)


def team(user: User, **options: Any) -> Scope:
    return Scope(user, is_mine=False, accounts=tuple(Connection.objects.values_list("pk", flat=True)), **options)


def numbers(scope: Scope, **options: Any) -> dict[str, int]:
    return {kind: counted.count for kind, counted in attention.count(scope, **options).items()}


def open_proposal(**fields: Any) -> Proposal:
    proposal = make_proposal(owner_email="Sanne@example.com", price_total=Decimal("10.5"), **fields)
    stats.refresh([proposal.pk])
    return proposal


def test_proposals_are_counted_by_where_they_stand(sanne: User) -> None:
    now = timezone.now().replace(microsecond=0)
    open_proposal(view_count=0, remote_created_at=now - 4 * DAY)
    open_proposal(view_count=0, remote_created_at=now - 2 * DAY)
    open_proposal(view_count=3, viewed_at=now - 6 * DAY)
    open_proposal(view_count=3, viewed_at=now - HOUR)
    open_proposal(view_count=3, viewed_at=now - 20 * DAY)
    open_proposal(status="won", view_count=3, viewed_at=now - 6 * DAY)
    counts = attention.count(mine(sanne))
    assert {kind: counted.count for kind, counted in counts.items()} == {"seen": 2, "unseen": 1, "silent": 2}
    assert counts["unseen"].value == Decimal("10.5")
    assert counts["unseen"].oldest == now - 4 * DAY
    assert counts["seen"].oldest == now - 6 * DAY
    for kind, counted in counts.items():
        assert attention.narrow(Proposal.objects.all(), kind).count() == counted.count


def test_thresholds_can_be_set(sanne: User) -> None:
    open_proposal(view_count=0, remote_created_at=timezone.now() - 2 * DAY)
    open_proposal(view_count=1, viewed_at=timezone.now() - HOUR)
    assert numbers(mine(sanne)) == {"seen": 1}
    DeskSettings.objects.create(unseen_days=1, hot_from=6)
    assert numbers(mine(sanne)) == {"seen": 1}, "known for half a minute"
    thresholds.forget()
    assert numbers(mine(sanne)) == {"seen": 1, "unseen": 1, "hot": 1}


def test_the_team_s_desk_has_everybody_s(sanne: User) -> None:
    open_proposal(view_count=1, viewed_at=timezone.now())
    assert numbers(team(make_staff("pim"))) == {"seen": 1}
    assert numbers(mine(make_staff("kees"))) == {}
    assert numbers(mine(make_staff("same", email="sanne@example.com"))) == {}


def test_the_chosen_account_alone_counts(sanne: User) -> None:
    north, south = make_connection("north"), make_connection("south")
    link(sanne, north, email="sanne@example.com")
    open_proposal(connection=north, view_count=1, viewed_at=timezone.now())
    assert numbers(mine(sanne, account=north)) == {"seen": 1}
    assert numbers(mine(sanne, account=south)) == {}


def ask(proposal: Proposal, **fields: Any) -> Activity:
    number = Activity.objects.count()
    known = {"kind": "commented", "happened_at": timezone.now() - HOUR, "key": f"comment:{number}"}
    return Activity.objects.create(
        connection=proposal.connection, proposal=proposal, owner_key=proposal.owner_key, **(known | fields)
    )


def test_questions_are_the_owners_or_whoever_got_them(sanne: User) -> None:
    pim = make_staff("pim")
    proposal = make_proposal(owner_email="sanne@example.com")
    ask(proposal)
    ask(proposal, read_at=timezone.now())
    ask(proposal, kind="viewed")
    given = ask(proposal)
    CommentState.objects.create(activity=given, assigned_to=pim, assigned_at=timezone.now())
    assert numbers(mine(sanne)) == {"comments": 1}
    assert numbers(mine(pim)) == {"comments": 1}
    assert numbers(team(sanne)) == {"comments": 2}
    Proposal.objects.update(removed_at=timezone.now())
    assert numbers(team(sanne)) == {}


def test_follow_ups_are_due_from_their_day_on(sanne: User) -> None:
    proposal = make_proposal()
    for at, done in ((-DAY, None), (timedelta(), None), (-DAY, timezone.now()), (2 * DAY, None)):
        FollowUp.objects.create(
            connection=proposal.connection,
            proposal=proposal,
            assigned_to=sanne,
            due_at=timezone.now() + at,
            done_at=done,
        )
    assert numbers(mine(sanne)) == {"followups": 2}
    assert numbers(mine(make_staff("pim"))) == {}
    assert numbers(team(make_staff("kees"))) == {"followups": 2}


def make_operation(user: User, state: str, **fields: Any) -> Operation:
    connection = Connection.objects.first() or make_connection()
    return Operation.objects.create(
        connection=connection, verb="change", target="proposals", state=state, requested_by=user, **fields
    )


def test_writes_that_wait_and_jobs_that_failed(sanne: User) -> None:
    job = Job.objects.create(action="x", requested_by=sanne, key=uuid.uuid4())
    fine = Job.objects.create(action="x", requested_by=sanne, key=uuid.uuid4())
    make_operation(sanne, "waiting")
    make_operation(sanne, "unknown", job=job)
    make_operation(sanne, "rejected", job=job)
    make_operation(sanne, "done", job=fine)
    assert numbers(mine(sanne)) == {"writes": 2, "jobs": 1}
    assert numbers(mine(make_staff("pim"))) == {}
    assert numbers(team(make_staff("kees"))) == {"writes": 2, "jobs": 1}
    assert numbers(mine(sanne), with_writes=False) == {}
    Job.objects.update(created_at=timezone.now() - 8 * DAY)
    assert numbers(mine(sanne), with_proposals=False) == {"writes": 2}


def test_without_any_permission_nothing_is_asked(sanne: User, django_assert_num_queries: Any) -> None:
    scope = mine(sanne)
    with django_assert_num_queries(0):
        assert attention.count(scope, with_proposals=False, with_writes=False) == {}


def test_all_counts_are_one_query(sanne: User, django_assert_num_queries: Any) -> None:
    thresholds.read()
    scope = team(sanne)
    with django_assert_num_queries(1):
        attention.count(scope)


def test_the_hottest_come_first(sanne: User) -> None:
    cold = open_proposal(name="Cold", view_count=1, viewed_at=timezone.now() - 3 * DAY)
    open_proposal(name="Hot", view_count=1, viewed_at=timezone.now())
    open_proposal(name="Never", view_count=0)
    assert [one.proposal.name for one in attention.hottest(mine(sanne), 5)] == ["Hot", "Cold"]
    assert [one.proposal.name for one in attention.hottest(team(sanne), 1)] == ["Hot"]
    ProposalStats.objects.filter(pk=cold.pk).delete()
    assert len(attention.hottest(mine(sanne), 5)) == 2, "known for half a minute"


def test_many_and_few_rows_are_found_by_different_ways(sanne: User, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [open_proposal(view_count=1, viewed_at=timezone.now()) for _ in range(3)]
    make_proposal()
    monkeypatch.setattr(attention, "FEW", 2)
    assert set(attention.narrow(Proposal.objects.all(), "seen")) == set(rows)
    monkeypatch.setattr(attention, "FEW", 3)
    assert set(attention.narrow(Proposal.objects.all(), "seen")) == set(rows)
