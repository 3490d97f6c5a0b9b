"""Pausing, cancelling, resuming, retrying: whoever may, whenever they do."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from offorte_portal.api.codes import Code
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import control, counts, planning, registry, rights
from offorte_portal.jobs import undoing as jobs_undoing
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.runs import schedules
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.text.reason import Reason
from offorte_portal.writes import control as writes_control
from offorte_portal.writes import performing, queue
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.jobs.conftest import Start, make_seller, reload, work_off
from tests.support.factories import link, make_connection, make_proposal

pytestmark = pytest.mark.django_db(transaction=True)

State = Operation.State


def states(job: Job) -> dict[str, int]:
    return dict(counts.progress(job).counts)


def test_cancelled_in_the_middle_resumed_and_undone(
    simulator: Simulator, account: Connection, start: Start, boss: User
) -> None:
    remote = simulator.account("bouw")
    before = {one: proposal["status"] for one, proposal in remote.proposals.items()}
    job = start("proposals.mark_lost", Proposal.objects.all())
    planning.plan(job.pk)
    for operation in job.operations.filter(state=State.WAITING).order_by("pk")[:3]:
        performing.perform(operation)
    assert control.cancel(job, boss)
    assert (job.state, job.finished_at is not None) == (Job.State.CANCELLED, True)
    queue.drain_writes(account.pk)
    assert states(job)["done"] == 3
    assert not control.cancel(job, boss)
    assert not control.pause(job, boss)
    assert control.resume(job, boss)
    assert (job.state, job.finished_at) == (Job.State.RUNNING, None)
    assert jobs_undoing.can_undo(job) == JobReason.ACTIVE()
    queue.drain_writes(account.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert {proposal["status"] for proposal in remote.proposals.values()} == {"lost"}
    assert not control.resume(job, boss)
    undoing = work_off(jobs_undoing.undo(job, by=boss))
    assert undoing.state == Job.State.DONE
    assert {one: proposal["status"] for one, proposal in remote.proposals.items()} == before


def test_what_a_person_cancelled_alone_stays_cancelled(start: Start, boss: User) -> None:
    connection = make_connection()
    job = start("proposals.mark_won", [make_proposal(connection), make_proposal(connection)])
    planning.plan(job.pk)
    first, second = job.operations.order_by("pk")
    writes_control.cancel(first, boss)
    control.cancel(job, boss)
    control.resume(job, boss)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.CANCELLED, State.WAITING)


def test_a_paused_job_sends_nothing(simulator: Simulator, account: Connection, start: Start, boss: User) -> None:
    job = start("proposals.mark_lost", Proposal.objects.all())
    assert control.pause(job, boss)
    planning.plan(job.pk)
    assert job.operations.count() == 0
    control.resume(job, boss)
    assert job.state == Job.State.PLANNING
    planning.plan(job.pk)
    job.refresh_from_db()
    assert control.pause(job, boss)
    sent = len(simulator.requests)
    queue.drain_writes(account.pk)
    assert (len(simulator.requests), job.state) == (sent, Job.State.PAUSED)
    assert counts.progress(job).minutes_left is None
    assert control.resume(job, boss)
    assert work_off(job).state == Job.State.DONE


def test_a_paused_job_of_which_nothing_is_left_has_ended(start: Start, boss: User) -> None:
    job = start("proposals.mark_won", [make_proposal(make_connection())])
    planning.plan(job.pk)
    control.pause(job, boss)
    job.operations.update(state=State.DONE)
    schedules.run("sweep")
    job.refresh_from_db()
    assert job.state == Job.State.DONE


def test_failures_are_tried_again(simulator: Simulator, account: Connection, start: Start, boss: User) -> None:
    rows = list(Proposal.objects.filter(status="open").order_by("pk")[:3])
    simulator.faults.add(Fault(kind="status", status=422, method="PATCH", path=f"/proposals/{rows[0].remote_id}/.*"))
    simulator.faults.add(Fault(kind="status", status=403, method="PATCH", path=f"/proposals/{rows[1].remote_id}/.*"))
    job = work_off(start("proposals.mark_won", rows))
    assert (job.state, states(job)) == (Job.State.DONE, {"rejected": 1, "failed": 1, "done": 1})
    assert control.retry_failed(job, boss)
    assert work_off(job).state == Job.State.DONE
    assert states(job) == {"done": 3}
    assert not control.retry_failed(job, boss)


def test_steering_takes_the_permission_and_ones_own_job(start: Start) -> None:
    pim, an = (make_seller("change_proposal", email=f"{name}@x.nl") for name in ("pim", "an"))
    manager = make_seller("change_proposal", "view_others_jobs")
    onlooker = make_seller("view_others_jobs")
    owner = link(pim, make_connection())
    job = start("proposals.mark_won", [make_proposal(owner_remote_id=owner.remote_id)], by=pim)
    assert [rights.may_see(job, one) for one in (pim, an, manager, onlooker)] == [True, False, True, True]
    assert [rights.may_control(job, one) for one in (pim, an, manager, onlooker)] == [True, False, True, False]
    for steer in (control.pause, control.resume, control.cancel, control.retry_failed):
        for person in (an, onlooker):
            with pytest.raises(PermissionDenied):
                steer(job, person)
    with pytest.raises(PermissionDenied):
        jobs_undoing.undo(job, by=an)
    job.refresh_from_db()
    assert job.state == Job.State.PLANNING
    assert control.cancel(job, manager)


def test_a_job_stops_when_its_starter_may_no_longer_do_it(start: Start, boss: User) -> None:
    pim = make_seller("change_proposal", email="pim@x.nl")
    connection = make_connection()
    owner = link(pim, connection)
    job = start("proposals.mark_won", [make_proposal(connection, owner_remote_id=owner.remote_id)], by=pim)
    other = start("proposals.mark_won", [make_proposal(connection)])
    for one in (job, other):
        planning.plan(one.pk)
    pim.user_permissions.clear()
    assert not rights.may_control(job, reload(pim))
    control.sweep()
    job.refresh_from_db()
    other.refresh_from_db()
    assert (job.state, job.reason, states(job)) == (Job.State.CANCELLED, JobReason.NOT_ALLOWED(), {"cancelled": 1})
    assert other.state == Job.State.RUNNING


def test_a_job_whose_action_is_gone_ends(boss: User) -> None:
    job = Job.objects.create(action="proposals.shred", key=uuid4(), requested_by=boss, selection=[1], size=1)
    assert not rights.may_control(job, boss)
    assert jobs_undoing.can_undo(job) == JobReason.NOT_UNDOABLE()
    assert counts.progress(job).total == 1
    control.sweep()
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    with pytest.raises(registry.UnknownActionError):
        registry.find("proposals.shred")


def test_the_sweep_finds_what_the_queue_lost(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    queued: list[int] = []
    monkeypatch.setattr("offorte_portal.jobs.control.enqueue", queued.append)
    job = start("proposals.mark_won", [make_proposal(make_connection())])
    control.sweep()
    assert queued == [job.pk]
    Job.objects.update(lease="alive", lease_until=timezone.now() + timedelta(minutes=1))
    control.sweep()
    assert queued == [job.pk]
    Job.objects.update(lease_until=timezone.now())
    control.sweep()
    assert queued == [job.pk] * 2
    planning.plan(job.pk)
    control.sweep()
    assert queued == [job.pk] * 2


def test_an_account_that_is_disconnected_keeps_what_was_asked(
    simulator: Simulator, account: Connection, start: Start, boss: User
) -> None:
    job = start("proposals.mark_lost", Proposal.objects.filter(status="open"))
    planning.plan(job.pk)
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    queue.drain_writes(account.pk)
    schedules.run("sweep")
    waiting = job.operations.filter(state=State.WAITING)
    assert {one.reason for one in waiting} == {Reason(Code.NOT_CONNECTED)}
    Connection.objects.update(state=Connection.State.CONNECTED)
    assert work_off(job).state == Job.State.DONE


def test_a_row_deleted_at_offorte_meanwhile_says_so(simulator: Simulator, account: Connection, start: Start) -> None:
    row = Proposal.objects.filter(status="open").first()
    assert row is not None
    job = start("proposals.mark_lost", [row])
    planning.plan(job.pk)
    simulator.account("bouw").delete_proposal(row.remote_id)
    assert work_off(job).state == Job.State.DONE
    operation = job.operations.get()
    assert (operation.state, operation.reason) == (State.FAILED, Reason(Code.GONE))
    row.refresh_from_db()
    assert row.removed_at is not None


def test_a_small_job_is_not_starved_by_a_large_one(simulator: Simulator, account: Connection, start: Start) -> None:
    remote = simulator.account("bouw")
    an, pim, boss = (make_seller("change_proposal", "change_others_proposals", username=one) for one in "abc")
    rows = list(Proposal.objects.exclude(status="lost").order_by("pk"))
    more: list[Any] = [remote.create_proposal(next(iter(remote.companies)), name=str(n))["id"] for n in range(30)]
    large = [make_proposal(account, remote_id=one, status="edit") for one in more]
    jobs_started = [
        start("proposals.mark_lost", large[:20], by=an),
        start("proposals.mark_lost", large[20:], by=an),
        start("proposals.mark_lost", rows[:2], by=pim),
        start("proposals.mark_lost", rows[2:5], by=boss),
    ]
    for job in jobs_started:
        planning.plan(job.pk)
    queue.drain_writes(account.pk)
    order = list(Operation.objects.filter(state=State.DONE).order_by("sent_at").values_list("job", flat=True))
    ends = [max(n for n, job_id in enumerate(order) if job_id == job.pk) for job in jobs_started]
    assert len(order) == 35
    # Two of Pim's beside two or three of each other person's; three of the third person's likewise.
    assert ends[2] < 8
    assert ends[3] < 10
    assert ends[1] < ends[0]
