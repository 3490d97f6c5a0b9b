"""Undoing a job brings back what nobody changed since, and names the rest."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from offorte_portal.connections.models import Connection
from offorte_portal.jobs import control, counts, ending, planning
from offorte_portal.jobs import undoing as jobs_undoing
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.runs import schedules
from offorte_portal.simulator import Simulator
from offorte_portal.writes import undoing as writes_undoing
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from proposals.models import AccountUser, Proposal
from tests.jobs.conftest import Start, make_seller, work_off
from tests.support.factories import link, make_account_user, make_connection, make_proposal
from tests.support.length import usual_or_long

pytestmark = pytest.mark.django_db(transaction=True)

State = Operation.State
SIZE, CHANGED = usual_or_long((30, 4), (300, 20))


@pytest.mark.long
def test_what_was_changed_since_is_named_and_the_rest_restored(
    simulator: Simulator, account: Connection, start: Start, boss: User
) -> None:
    remote = simulator.account("bouw")
    company = next(iter(remote.companies))
    ids = [remote.create_proposal(company, name=f"P{n}", status="open")["id"] for n in range(SIZE)]
    rows = [make_proposal(account, remote_id=one, name=f"P{n}", status="open") for n, one in enumerate(ids)]
    job = work_off(start("proposals.mark_lost", rows))
    assert {remote.proposals[one]["status"] for one in ids} == {"lost"}
    for one in ids[:CHANGED]:
        remote.update_proposal(one, status="won")
    undoing = jobs_undoing.undo(job, by=boss)
    while work_off(undoing).is_active:
        pass
    assert counts.progress(undoing).counts == {"done": SIZE - CHANGED, "skipped": CHANGED}
    named = undoing.operations.filter(state=State.SKIPPED)
    assert {one.label for one in named} == {f"P{n}" for n in range(CHANGED)}
    assert {(one.reason, tuple(one.conflicts.items())) for one in named} == {
        (WriteReason.CHANGED_MEANWHILE(), (("status", "won"),))
    }
    assert [remote.proposals[one]["status"] for one in ids] == ["won"] * CHANGED + ["open"] * (SIZE - CHANGED)
    assert job.operations.filter(state=State.UNDONE).count() == SIZE - CHANGED
    again = work_off(jobs_undoing.undo(job, by=boss))
    assert counts.progress(again).counts == {"skipped": CHANGED}


def test_an_owner_is_brought_back(simulator: Simulator, account: Connection, start: Start, boss: User) -> None:
    remote = simulator.account("bouw")
    row = Proposal.objects.filter(status="open").first()
    assert row is not None
    first, second = AccountUser.objects.order_by("remote_id")[:2]
    remote.update_proposal(row.remote_id, account_user_id=first.remote_id)
    Proposal.objects.filter(pk=row.pk).update(owner_remote_id=first.remote_id, owner=first)
    job = work_off(start("proposals.set_owner", [row], {"owner": second}))
    assert remote.proposals[row.remote_id]["account_user_id"] == second.remote_id
    work_off(jobs_undoing.undo(job, by=boss))
    assert remote.proposals[row.remote_id]["account_user_id"] == first.remote_id


def make_done(start: Start, count: int = 2, **fields: object) -> Job:
    connection = make_connection()
    job = start("proposals.mark_lost", [make_proposal(connection, **fields) for _ in range(count)])
    planning.plan(job.pk)
    job.operations.filter(state=State.WAITING).update(state=State.DONE, finished_at=timezone.now())
    ending.finish_ended()
    job.refresh_from_db()
    return job


def test_what_can_not_be_undone_says_why(start: Start, boss: User) -> None:
    job = make_done(start)
    assert jobs_undoing.can_undo(job) is None
    undoing = jobs_undoing.undo(job, by=boss)
    assert jobs_undoing.can_undo(job) == JobReason.BEING_UNDONE()
    with pytest.raises(jobs_undoing.NotUndoableError, match="being_undone"):
        jobs_undoing.undo(job, by=boss)
    assert jobs_undoing.can_undo(undoing) == JobReason.IS_UNDO()
    control.cancel(undoing, boss)
    assert jobs_undoing.can_undo(job) is None
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(days=31))
    job.refresh_from_db()
    assert jobs_undoing.can_undo(job) == JobReason.TOO_OLD()
    assert jobs_undoing.can_undo(make_done(start, status="lost")) == JobReason.NOTHING_DONE()
    deleted = start("proposals.delete", [make_proposal(make_connection())])
    assert jobs_undoing.can_undo(deleted) == JobReason.NOT_UNDOABLE()


def test_the_same_click_twice_undoes_once(start: Start, boss: User) -> None:
    job, key = make_done(start), uuid4()
    first = jobs_undoing.undo(job, by=boss, key=key)
    assert jobs_undoing.undo(job, by=boss, key=key) == first
    planning.plan(first.pk)
    planning.plan(first.pk)
    assert first.operations.count() == 2
    assert [one.undoes_id for one in first.operations.order_by("pk")] == [
        one.pk for one in job.operations.order_by("-pk")
    ]


def test_an_item_that_is_undone_by_itself_is_left_to_that(start: Start, boss: User) -> None:
    job = make_done(start)
    one = job.operations.order_by("pk").last()
    assert one is not None
    writes_undoing.undo(one, boss)
    undoing = jobs_undoing.undo(job, by=boss)
    planning.plan(undoing.pk)
    assert undoing.operations.get(undoes=one).reason == JobReason.ITSELF_UNDONE()
    assert undoing.operations.filter(state=State.WAITING).count() == 1


def test_a_seller_undoes_their_own_only(start: Start) -> None:
    seller = make_seller("change_proposal", email="pim@x.nl")
    connection = make_connection()
    owner = link(seller, connection)
    rows = [make_proposal(connection, owner_remote_id=owner.remote_id, owner_email="pim@x.nl") for _ in range(2)]
    job = start("proposals.mark_lost", rows, by=seller)
    planning.plan(job.pk)
    job.operations.update(state=State.DONE, finished_at=timezone.now())
    ending.finish_ended()
    job.refresh_from_db()
    Proposal.objects.filter(pk=rows[0].pk).update(owner_remote_id=0)
    undoing = jobs_undoing.undo(job, by=seller)
    planning.plan(undoing.pk)
    assert undoing.operations.get(remote_id=rows[0].remote_id).reason == JobReason.NOT_YOURS()
    assert undoing.operations.get(remote_id=rows[1].remote_id).state == State.WAITING


def test_what_was_not_known_before_can_not_come_back(start: Start, boss: User) -> None:
    connection = make_connection()
    job = start("proposals.set_owner", [make_proposal(connection)], {"owner": make_account_user(connection)})
    planning.plan(job.pk)
    job.operations.update(state=State.DONE, finished_at=timezone.now())
    schedules.run("sweep")
    job.refresh_from_db()
    undoing = jobs_undoing.undo(job, by=boss)
    planning.plan(undoing.pk)
    assert undoing.operations.get().reason == JobReason.BEFORE_UNKNOWN()


def test_what_offorte_would_not_take_back_is_named(start: Start, boss: User) -> None:
    job = make_done(start, status="strange")
    undoing = jobs_undoing.undo(job, by=boss)
    planning.plan(undoing.pk)
    undoing.refresh_from_db()
    assert undoing.state == Job.State.DONE
    assert {one.reason for one in undoing.operations.all()} == {JobReason.BEFORE_REFUSED()}


def test_a_job_that_is_undone_does_not_go_on(start: Start, boss: User) -> None:
    connection = make_connection()
    job = start("proposals.mark_lost", [make_proposal(connection) for _ in range(2)])
    planning.plan(job.pk)
    first = job.operations.earliest("pk")
    Operation.objects.filter(pk=first.pk).update(state=State.DONE, finished_at=timezone.now())
    control.cancel(job, boss)
    undoing = jobs_undoing.undo(job, by=boss)
    assert not control.resume(job, boss)
    control.cancel(undoing, boss)
    assert control.resume(job, boss)
