"""At most one process empties a queue of an account, and at most one more task waits for it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ

from offorte_portal.connections import drains
from offorte_portal.connections.models import Drain
from offorte_portal.writes.queue import drain_writes
from tests.support.factories import make_connection

pytestmark = pytest.mark.django_db(transaction=True)

WRITES = Drain.Queue.WRITES
TASK = drain_writes
LEASE = timedelta(minutes=1)


def test_one_task_waits_however_often_it_is_asked_for() -> None:
    connection, other = make_connection(), make_connection()
    assert drains.enqueue(WRITES, connection.pk, TASK)
    assert not drains.enqueue(WRITES, connection.pk, TASK)
    assert drains.enqueue(Drain.Queue.EVENTS, connection.pk, TASK)
    assert drains.enqueue(WRITES, other.pk, TASK)
    assert [task.args() for task in OrmQ.objects.order_by("pk")] == [(connection.pk,), (connection.pk,), (other.pk,)]


@pytest.mark.parametrize("ago", [drains.LOST_AFTER + timedelta(seconds=1), -timedelta(hours=1)])
def test_a_task_that_was_lost_is_queued_again(ago: timedelta) -> None:
    connection = make_connection()
    drains.enqueue(WRITES, connection.pk, TASK)
    Drain.objects.update(queued_at=timezone.now() - ago)
    assert drains.enqueue(WRITES, connection.pk, TASK)


def test_within_a_transaction_the_task_is_queued_when_that_ends() -> None:
    connection = make_connection()
    with transaction.atomic():
        assert drains.enqueue(WRITES, connection.pk, TASK)
        assert not OrmQ.objects.exists()
    assert OrmQ.objects.count() == 1


def test_one_process_works_and_what_comes_meanwhile_gets_a_task() -> None:
    connection = make_connection()
    drains.enqueue(WRITES, connection.pk, TASK)
    done: list[bool] = []

    def work(renew: Callable[[], bool]) -> None:
        done.append(renew())
        done.append(drains.enqueue(WRITES, connection.pk, TASK))
        done.append(drains.run(WRITES, connection.pk, lambda renew: None, lease=LEASE))

    assert drains.run(WRITES, connection.pk, work, lease=LEASE)
    assert done == [True, True, False]
    row = Drain.objects.get()
    assert (row.lease, row.lease_until) == ("", None)


def test_who_was_too_slow_is_told_so_and_leaves_the_other_alone() -> None:
    connection = make_connection()
    renewed: list[bool] = []

    def work(renew: Callable[[], bool]) -> None:
        Drain.objects.update(lease="another")
        renewed.append(renew())

    assert drains.run(WRITES, connection.pk, work, lease=LEASE)
    assert (renewed, Drain.objects.get().lease) == ([False], "another")


def test_a_dead_process_holds_nothing_up_for_ever() -> None:
    connection = make_connection()
    past = timezone.now() - timedelta(seconds=1)
    Drain.objects.create(connection=connection, queue=WRITES, lease="dead", lease_until=past)
    assert drains.run(WRITES, connection.pk, lambda renew: None, lease=LEASE)


def test_what_fails_gives_the_queue_back() -> None:
    connection = make_connection()

    def fail(renew: Callable[[], bool]) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        drains.run(WRITES, connection.pk, fail, lease=LEASE)
    assert Drain.objects.get().lease == ""
