"""One process at a time holds a row: taken, renewed, lost, and what the clock has to do with it."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.db.models import Q

from offorte_portal import ports
from offorte_portal.connections.models import Drain
from offorte_portal.runs import lease
from offorte_portal.runs.lease import Lease, LeaseLostError
from tests.journeys.processes import wait_until
from tests.support.clock import Clock
from tests.support.factories import make_connection

pytestmark = pytest.mark.django_db(transaction=True)

LENGTH = timedelta(seconds=15)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    made = Clock()
    with monkeypatch.context() as patch:
        patch.setattr(ports, "clock", made)
        lease._clock.forget()
        yield made
    lease._clock.forget()


@pytest.fixture
def row() -> Drain:
    return Drain.objects.create(connection=make_connection(), queue=Drain.Queue.WRITES)


def take(row: Drain, length: timedelta = LENGTH) -> Lease | None:
    return lease.acquire(Drain.objects.filter(pk=row.pk), length=length)


def test_one_process_holds_a_row_and_gives_it_back(row: Drain) -> None:
    held = take(row)
    assert held
    assert take(row) is None
    assert held.still_mine().update(failures=1) == 1
    assert held.release()
    assert take(row)
    assert (held.renew(), held.release(), held.still_mine().update(failures=2)) == (False, False, 0)


def test_who_renews_is_never_displaced(row: Drain, clock: Clock) -> None:
    held = take(row)
    assert held
    for _ in range(20):
        clock.wait(14)
        assert held.renew()
        assert take(row) is None


def test_who_stopped_for_as_long_as_the_lease_may_not_go_on(row: Drain, clock: Clock) -> None:
    held = take(row)
    assert held
    clock.wait(15)
    assert not held.renew(failures=1)  # although nobody has taken the row
    row.refresh_from_db()
    assert row.failures == 0
    clock.wait(0.1)
    assert take(row)


def test_a_result_is_written_only_where_the_row_is_as_it_was(row: Drain, clock: Clock) -> None:
    held = take(row)
    assert held
    clock.wait(15)  # a long step, and nobody has taken the row
    held.save(where=Q(failures=0), failures=1)
    with pytest.raises(LeaseLostError):
        held.save(where=Q(failures=0), failures=2)
    assert take(row) is None
    clock.wait(15.1)
    assert take(row)
    with pytest.raises(LeaseLostError):
        held.save(failures=3)
    row.refresh_from_db()
    assert row.failures == 1


@pytest.mark.parametrize("hours", [-5, -0.2, 0.2, 5])
def test_a_clock_that_is_set_displaces_nobody(row: Drain, clock: Clock, hours: float) -> None:
    held = take(row)
    assert held
    clock.set(hours * 3600)
    assert take(row) is None
    clock.wait(3)
    assert held.renew()
    clock.wait(13)
    assert take(row) is None


@pytest.mark.parametrize("hours", [-5, -0.2, 0.2, 5])
def test_a_clock_that_is_set_strands_nothing(row: Drain, clock: Clock, hours: float) -> None:
    assert take(row)
    clock.set(hours * 3600)
    assert take(row) is None
    clock.wait(16)
    assert take(row)


def test_a_lease_is_kept_while_work_goes_on(row: Drain) -> None:
    held = take(row, timedelta(seconds=1))
    assert held
    with held.kept():
        until = time.monotonic() + 3
        while time.monotonic() < until:
            assert take(row, timedelta(seconds=1)) is None
            time.sleep(0.1)
    wait_until(lambda: take(row, timedelta(seconds=1)), seconds=10)
    assert not held.renew()


def test_a_database_that_is_away_for_a_moment_loses_no_lease(row: Drain, monkeypatch: pytest.MonkeyPatch) -> None:
    held = take(row, timedelta(seconds=2))
    assert held
    real, failures = Lease.still_mine, iter([True, True])

    def fail(self: Lease) -> object:
        if next(failures, False):
            raise OperationalError("database is locked")
        return real(self)

    monkeypatch.setattr(Lease, "still_mine", fail)
    with held.kept():
        renewed_at = held.renewed_at
        wait_until(lambda: held.renewed_at > renewed_at, seconds=10)
    assert take(row, timedelta(seconds=2)) is None
