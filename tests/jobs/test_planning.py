"""A selection becomes operations: each row once, whatever happens to the process that plans."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from offorte_portal.connections.models import Connection
from offorte_portal.jobs import control, planning, selection
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import ALREADY, JobReason
from offorte_portal.jobs.storing import Chunk
from offorte_portal.staff.access import may_act
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from proposals.models import Proposal
from tests.jobs.conftest import Start, make_seller, reload
from tests.support.factories import link, make_company, make_connection, make_proposal

pytestmark = pytest.mark.django_db

State = Operation.State


@pytest.fixture
def connection() -> Connection:
    return make_connection("bouw")


def outcomes(job: Job) -> dict[str, tuple[str, Reason | None]]:
    return {one.label: (one.state, one.reason) for one in job.operations.all()}


def test_each_row_becomes_a_change_or_says_why_not(connection: Connection, start: Start) -> None:
    rows = [
        make_proposal(connection, name="open", price_total="100"),
        make_proposal(connection, name="won already", status="won"),
        make_proposal(connection, name="gone", removed_at=timezone.now()),
        make_proposal(connection, name="hidden", is_hidden=True),
    ]
    job = start("proposals.mark_won", rows)
    assert (job.state, job.size, job.planned) == (Job.State.PLANNING, 4, 0)
    planning.plan(job.pk)
    job.refresh_from_db()
    assert (job.state, job.planned, job.lease) == (Job.State.RUNNING, 4, "")
    assert outcomes(job) == {
        "open": (State.WAITING, None),
        "won already": (State.SKIPPED, ALREADY["won"]()),
        "gone": (State.SKIPPED, JobReason.REMOVED()),
        "hidden": (State.SKIPPED, JobReason.HIDDEN()),
    }
    change = job.operations.get(state=State.WAITING)
    assert (change.verb, change.target, change.remote_id) == ("change", "proposals", rows[0].remote_id)
    assert (change.draft, change.before) == ({"status": "won"}, {"status": "open"})
    assert (change.requested_by, change.requested_by_name) == (job.requested_by, "boss@example.com")


def test_a_job_of_which_everything_is_left_out_has_ended(connection: Connection, start: Start) -> None:
    job = start("proposals.mark_won", [make_proposal(connection, status="won")])
    planning.plan(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert job.finished_at is not None


def test_the_same_page_confirmed_twice_is_one_job(connection: Connection, start: Start) -> None:
    key, rows = uuid4(), [make_proposal(connection)]
    first = start("proposals.mark_won", rows, key=key)
    second = start("proposals.mark_won", [*rows, make_proposal(connection)], key=key)
    assert first == second
    assert Job.objects.get().selection == [rows[0].pk]
    planning.plan(first.pk)
    planning.plan(first.pk)
    assert first.operations.count() == 1


def test_a_row_selected_twice_is_one_item(connection: Connection, start: Start) -> None:
    row = make_proposal(connection)
    assert start("proposals.mark_won", [row, row]).selection == [row.pk]


def test_starting_a_job_takes_no_query_for_each_row(start: Start) -> None:
    with CaptureQueriesContext(database) as queries:
        job = start("proposals.mark_won", range(1, 20_001))
    assert len(queries) < 15
    assert job.size == 20_000


def test_rows_that_the_portal_no_longer_has_are_told_of(connection: Connection, start: Start) -> None:
    row, gone = make_proposal(connection), make_proposal(connection)
    job = start("proposals.mark_won", [row, gone])
    gone.delete()
    planning.plan(job.pk)
    job.refresh_from_db()
    assert (job.planned, job.operations.count(), job.reason) == (2, 1, JobReason.MISSING())


def test_a_row_whose_field_has_a_waiting_write_is_left_out(connection: Connection, start: Start) -> None:
    row = make_proposal(connection)
    first, second = start("proposals.mark_won", [row]), start("proposals.mark_lost", [row])
    other_field, deletion = start("proposals.set_value", [row], {"value": "5"}), start("proposals.delete", [row])
    after_deletion = start("proposals.rename", [row], {"pattern": "x"})
    for job in (first, second, other_field, deletion, after_deletion):
        planning.plan(job.pk)
    assert [job.operations.get().state for job in (first, other_field, deletion)] == [State.WAITING] * 3
    assert second.operations.get().reason == JobReason.PENDING()
    assert after_deletion.operations.get().reason == JobReason.DELETING()


def test_planning_that_was_interrupted_goes_on_where_it_stood(
    connection: Connection, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "AT_ONCE", 3)
    job = start("proposals.mark_won", [make_proposal(connection) for _ in range(8)])
    save = Chunk.save

    def die_later(chunk: Chunk) -> None:
        save(chunk)
        if job.operations.count() > 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(Chunk, "save", die_later)
    with pytest.raises(KeyboardInterrupt):
        planning.plan(job.pk)
    job.refresh_from_db()
    assert (job.planned, job.operations.count()) == (3, 3)
    monkeypatch.setattr(Chunk, "save", save)
    # Killed for good, a process leaves its lease behind.
    Job.objects.update(lease="of the dead", lease_until=timezone.now() + planning.LEASE)
    planning.plan(job.pk)
    assert job.operations.count() == 3
    Job.objects.update(lease_until=timezone.now())
    planning.plan(job.pk)
    job.refresh_from_db()
    assert (job.planned, job.state) == (8, Job.State.RUNNING)
    planned = job.operations.order_by("remote_id").values_list("remote_id", flat=True)
    assert list(planned) == list(Proposal.objects.order_by("remote_id").values_list("remote_id", flat=True))


def test_a_slice_that_is_over_leaves_the_rest_to_the_next(
    connection: Connection, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[int] = []
    monkeypatch.setattr(planning, "enqueue", queued.append)
    job = start("proposals.mark_won", [make_proposal(connection)])
    planning.plan(job.pk, seconds=-1)
    assert queued == [job.pk]
    planning.plan(job.pk)
    assert (queued, job.operations.count()) == ([job.pk], 1)


def test_a_locked_database_loses_nothing(connection: Connection, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    job = start("proposals.mark_won", [make_proposal(connection)])

    def locked(chunk: Chunk) -> None:
        raise DatabaseError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(Chunk, "save", locked)
        with pytest.raises(DatabaseError):
            planning.plan(job.pk)
    job.refresh_from_db()
    assert (job.state, job.planned, job.lease) == (Job.State.PLANNING, 0, "")
    planning.plan(job.pk)
    assert job.operations.count() == 1


def test_a_job_that_was_cancelled_while_it_was_planned_stops(
    connection: Connection, start: Start, boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "AT_ONCE", 2)
    job = start("proposals.mark_won", [make_proposal(connection) for _ in range(6)])
    decide = selection.decide

    def cancel_first(*args: Any) -> Any:
        if job.operations.exists():
            control.cancel(Job.objects.get(pk=job.pk), boss)
        return decide(*args)

    monkeypatch.setattr("offorte_portal.jobs.planning.decide", cancel_first)
    planning.plan(job.pk)
    job.refresh_from_db()
    assert (job.state, job.planned) == (Job.State.CANCELLED, 2)
    assert set(outcomes(job).values()) == {(State.CANCELLED, WriteReason.JOB_CANCELLED())}
    monkeypatch.setattr("offorte_portal.jobs.planning.decide", decide)
    assert control.resume(job, boss)
    assert job.state == Job.State.PLANNING
    planning.plan(job.pk)
    assert job.operations.filter(state=State.WAITING).count() == 6


def test_nobody_starts_what_they_may_not_do(connection: Connection, start: Start) -> None:
    with pytest.raises(PermissionDenied):
        start("proposals.mark_won", [make_proposal(connection)], by=make_seller("view_proposal"))
    assert not Job.objects.exists()


def test_a_seller_works_on_their_own_proposals_only(connection: Connection, start: Start) -> None:
    seller = make_seller("change_proposal")
    link(seller, connection, email="Pim@example.com")
    own = make_proposal(connection, name="own", owner_email="pim@Example.com")
    other = make_proposal(connection, name="other", owner_email="an@example.com")
    nobodys = make_proposal(connection, name="nobody's")
    assert [may_act(seller, "proposals.change_proposal", row) for row in (own, other, nobodys)] == [True, False, False]
    job = start("proposals.mark_won", [own, other, nobodys], by=seller)
    planning.plan(job.pk)
    assert outcomes(job) == {
        "own": (State.WAITING, None),
        "other": (State.SKIPPED, JobReason.NOT_YOURS()),
        "nobody's": (State.SKIPPED, JobReason.NOT_YOURS()),
    }
    with pytest.raises(PermissionDenied):
        start("proposals.mark_won", [other, nobodys], by=seller)
    unlinked = make_seller("change_proposal", email="pim@example.com")
    for row in (own, nobodys):
        with pytest.raises(PermissionDenied):
            start("proposals.mark_won", [row], by=unlinked)


def test_a_permission_that_was_taken_away_ends_the_planning(connection: Connection, start: Start) -> None:
    seller = make_seller("change_proposal", email="pim@example.com")
    link(seller, connection)
    job = start("proposals.mark_won", [make_proposal(connection, owner_email="pim@example.com")], by=seller)
    seller.user_permissions.clear()
    planning.plan(job.pk)
    job.refresh_from_db()
    assert (job.state, job.reason, job.operations.count()) == (Job.State.CANCELLED, JobReason.NOT_ALLOWED(), 0)
    assert not reload(seller).has_perm("proposals.change_proposal")


def test_what_offorte_would_refuse_for_certain_is_left_out(connection: Connection, start: Start) -> None:
    job = start("companies.set_fields", [make_company(connection)], {"fields": {"city": "Breda"}})
    # An older release may have kept options that this one can't send.
    Job.objects.filter(pk=job.pk).update(options={"fields": {"city": 5}})
    planning.plan(job.pk)
    assert job.operations.get().reason == JobReason.REFUSED()


def test_a_job_killed_again_and_again_is_paused_and_resumable(connection: Connection, start: Start, boss: User) -> None:
    job = start("proposals.mark_won", [make_proposal(connection)])
    for _ in range(planning.MOST_ATTEMPTS):
        assert planning.claim(job.pk)
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    planning.plan(job.pk)
    job.refresh_from_db()
    assert (job.state, job.reason, job.planned, job.lease) == (Job.State.PAUSED, JobReason.STOPPED(), 0, "")
    assert planning.claim(job.pk) is None
    assert control.resume(job, boss)
    planning.plan(job.pk)
    job.refresh_from_db()
    assert (job.state, job.planned, job.attempts) == (Job.State.RUNNING, 1, 0)


def test_what_fails_counts_and_what_gets_on_does_not(
    connection: Connection, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = start("proposals.mark_won", [make_proposal(connection) for _ in range(2)])
    monkeypatch.setattr(planning, "AT_ONCE", 1)
    planning.plan(job.pk, seconds=0)
    assert Job.objects.get().attempts == 0

    def fail(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(planning, "decide", fail)
    for number in range(1, 3):
        with pytest.raises(RuntimeError):
            planning.plan(job.pk)
        assert (Job.objects.get().attempts, Job.objects.get().lease) == (number, "")
