"""One process at a time holds a row: taken, renewed, lost, and what the clock has to do with it."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from offorte_portal import ports
from offorte_portal.models import Drain
from offorte_portal.runs import lease
from offorte_portal.runs.lease import Lease
from tests.journeys.processes import wait_until
from tests.support.factories import make_connection

pytestmark = pytest.mark.django_db(transaction=True)

LENGTH = timedelta(seconds=15)


class Clock:
    """The time of day and the time that passes, both in the test's hands."""

    def __init__(self) -> None:
        self.day, self.passed = timezone.now(), 1000.0

    def now(self) -> datetime:
        return self.day

    def monotonic(self) -> float:
        return self.passed

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.passed += seconds
        self.set(seconds)

    def set(self, seconds: float) -> None:
        """Set the time of day by so much."""
        self.day += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    made = Clock()
    with monkeypatch.context() as patch:
        patch.setattr(ports, "now", made.now)
        patch.setattr(time, "monotonic", made.monotonic)
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
