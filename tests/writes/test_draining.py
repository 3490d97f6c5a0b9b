"""The worker: whose turn it is, when it pauses, and that nothing is left lying."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from offorte_portal.api.errors import RateLimited
from offorte_portal.connections import budget
from offorte_portal.connections.models import Connection, Drain
from offorte_portal.jobs.models import Job
from offorte_portal.ports import queueing
from offorte_portal.runs import schedules
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.simulator import Fault
from offorte_portal.writes import claims, draining, queue
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from tests.support.factories import make_connection, make_staff
from tests.writes.conftest import Desk
from tests.writes.factories import make_job

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


def ask_many(desk: Desk, count: int, job: Job | None = None, city: str = "Breda") -> list[Operation]:
    """Changes of as many companies."""
    draft = {"city": city}
    return [desk.ask("change", "companies", draft, remote_id=desk.company(), job=job) for _ in range(count)]


def sent_to(desk: Desk) -> list[str]:
    """The cities that were written, in order."""
    return [request.body["city"] for request in desk.written()]


def queued() -> int:
    """How many tasks wait that send writes."""
    return sum(task.func() == queueing.path_of(queue.drain_writes) for task in OrmQ.objects.all())


def drain_row() -> Drain:
    """Who empties the account's queue."""
    return Drain.objects.get(queue=Drain.Queue.WRITES)


def test_people_come_first_then_in_turn_those_with_jobs(desk: Desk) -> None:
    other = make_staff("pim")
    ask_many(desk, 4, make_job(desk.person), "first of Sanne")
    ask_many(desk, 2, make_job(desk.person), "second of Sanne")
    ask_many(desk, 3, make_job(other), "Pim")
    ask_many(desk, 2, None, "now")
    draining.drain(desk.connection.pk)
    assert sent_to(desk) == [
        "now",
        "now",
        "first of Sanne",
        "Pim",
        "second of Sanne",
        "Pim",
        "first of Sanne",
        "Pim",
        "second of Sanne",
        "first of Sanne",
        "first of Sanne",
    ]


@pytest.mark.parametrize(("state", "sent"), [("paused", 0), ("cancelled", 0), ("planning", 2), ("done", 2)])
def test_a_paused_job_is_left_alone(desk: Desk, state: str, sent: int) -> None:
    ask_many(desk, 2, make_job(desk.person, state=state))
    draining.drain(desk.connection.pk)
    assert len(sent_to(desk)) == sent


def test_a_job_that_is_stuck_holds_up_no_other(desk: Desk) -> None:
    stuck, free = make_job(desk.person), make_job(desk.person)
    (operation,) = ask_many(desk, 1, stuck)
    Operation.objects.filter(pk=operation.pk).update(retry_at=timezone.now() + timedelta(hours=1))
    ask_many(desk, 2, free, "free")
    draining.drain(desk.connection.pk)
    assert sent_to(desk) == ["free", "free"]


def test_what_is_left_after_a_slice_gets_a_task_of_its_own(desk: Desk) -> None:
    ask_many(desk, 2)
    draining.drain(desk.connection.pk, seconds=0)
    assert queued() == 1
    assert drain_row().queued_at is not None
    queue.drain_writes(desk.connection.pk)
    assert len(sent_to(desk)) == 2
    assert queued() == 1
    assert drain_row().queued_at is None


def test_while_offorte_is_away_one_try_is_made_and_then_nothing(desk: Desk) -> None:
    ask_many(desk, 3)
    desk.simulator.faults.add(Fault("unavailable_503_html", times=None))
    draining.drain(desk.connection.pk)
    draining.drain(desk.connection.pk)
    draining.sweep()
    assert (len(desk.written()), queued()) == (1, 0)
    row = drain_row()
    assert row.failures == 1
    assert row.retry_at is not None
    assert timedelta(seconds=25) < row.retry_at - timezone.now() <= timedelta(seconds=30)
    Drain.objects.update(retry_at=timezone.now())
    draining.sweep()
    assert queued() == 1
    draining.drain(desk.connection.pk)
    row = drain_row()
    assert row.failures == 2
    assert row.retry_at is not None
    assert row.retry_at - timezone.now() > timedelta(seconds=55)
    desk.simulator.faults.clear()
    # A person gets through: the rest goes on at once.
    assert desk.do("create", "companies", {"name": "Nieuw BV"}).state == State.DONE
    Operation.objects.update(retry_at=None)
    draining.drain(desk.connection.pk)
    assert set(Operation.objects.values_list("state", flat=True)) == {State.DONE}
    assert (drain_row().failures, drain_row().retry_at) == (0, None)


def test_many_lost_answers_in_a_row_mean_that_offorte_is_away(desk: Desk) -> None:
    ask_many(desk, 6)
    desk.simulator.faults.add(Fault("error_500", method="PATCH", times=None))
    draining.drain(desk.connection.pk)
    assert len(desk.written()) == draining.MOST_LOST
    assert Operation.objects.filter(reason=WriteReason.MAY_BE_DONE()).count() == draining.MOST_LOST
    assert queue.is_paused(desk.connection.pk)
    Drain.objects.update(retry_at=timezone.now())
    draining.drain(desk.connection.pk)
    assert len(desk.written()) == draining.MOST_LOST + 1
    assert drain_row().failures == 2


def test_a_single_lost_answer_holds_up_nothing_else(desk: Desk) -> None:
    ask_many(desk, 4)
    desk.simulator.faults.add(Fault("error_500", method="PATCH"))
    draining.drain(desk.connection.pk)
    assert Operation.objects.filter(state=State.DONE).count() == 3
    assert not queue.is_paused(desk.connection.pk)


def test_a_token_that_is_refused_ends_the_slice_and_says_so(desk: Desk) -> None:
    ask_many(desk, 3)
    desk.account.tokens.revoke_all()
    draining.drain(desk.connection.pk)
    reasons = set(Operation.objects.values_list("reason", flat=True))
    assert len(reasons) == 1
    assert "reconnected" in put_into_words(reasons.pop())
    assert queued() == 0


def test_a_long_pause_of_the_account_is_not_waited_for_in_a_task(desk: Desk) -> None:
    ask_many(desk, 1)
    budget.gate(desk.connection, budget.Lane.BACKGROUND).pause(200)
    draining.drain(desk.connection.pk, seconds=5)
    row = drain_row()
    assert row.retry_at is not None
    assert row.retry_at - timezone.now() > timedelta(seconds=190)
    assert (queued(), desk.simulator.requests) == (0, [])


def test_a_short_wait_ends_the_slice(desk: Desk) -> None:
    ask_many(desk, 1)
    budget.gate(desk.connection, budget.Lane.BACKGROUND).pause(2)
    draining.drain(desk.connection.pk, seconds=0.2)
    assert (queued(), desk.simulator.requests) == (1, [])
    assert not queue.is_paused(desk.connection.pk)


def test_only_one_process_drains_an_account(desk: Desk) -> None:
    ask_many(desk, 1)
    now = timezone.now()
    Drain.objects.create(
        connection=desk.connection, queue=Drain.Queue.WRITES, lease="x", lease_until=now + timedelta(minutes=1)
    )
    draining.drain(desk.connection.pk)
    assert desk.written() == []
    Drain.objects.update(lease_until=now - timedelta(seconds=1))
    draining.drain(desk.connection.pk)
    assert len(desk.written()) == 1


def test_who_lost_the_account_stops(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ask_many(desk, 3)
    step = draining.take_step

    def lose(session: Any) -> Any:
        Drain.objects.update(lease="another")
        return step(session)

    monkeypatch.setattr(draining, "take_step", lose)
    draining.drain(desk.connection.pk)
    assert len(desk.written()) == 1


def test_the_sweep_queues_the_accounts_with_something_due(desk: Desk) -> None:
    make_connection(state=Connection.State.CONNECTED)
    draining.sweep()
    assert queued() == 0
    (operation,) = ask_many(desk, 1)
    Operation.objects.update(retry_at=timezone.now() + timedelta(hours=1))
    schedules.run("sweep")
    assert not Drain.objects.filter(queue=Drain.Queue.WRITES).exists()
    Operation.objects.update(retry_at=timezone.now())
    draining.sweep()
    draining.sweep()
    assert (queued(), drain_row().connection_id) == (1, operation.connection_id)


def test_an_operation_that_is_taken_meanwhile_is_no_harm(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ask_many(desk, 2)
    taken = iter([None])

    def miss(operation: Operation) -> Any:
        return claims.claim(operation) if next(taken, True) else None

    monkeypatch.setattr(draining, "claim", miss)
    draining.drain(desk.connection.pk)
    assert len(desk.written()) == 2
    assert draining.claim_next(desk.connection.pk) is None


def test_a_pause_outlasts_what_is_not_about_it(desk: Desk) -> None:
    ask_many(desk, 1)
    desk.simulator.faults.add(Fault("unavailable_503_html"))
    draining.drain(desk.connection.pk)
    draining.is_end(desk.connection.pk, RateLimited(), is_away=False)
    assert queue.is_paused(desk.connection.pk)
    assert queue.resume_at_once(desk.connection.pk)
    assert not queue.resume_at_once(desk.connection.pk)
