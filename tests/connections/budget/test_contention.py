"""One row in the database that every process asks: it changes meanwhile, is locked or fails."""

from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError, transaction
from django.db.models import F

from offorte_portal.api.errors import RateLimited
from offorte_portal.connections.allowance import Allowance
from offorte_portal.connections.budget import LOCK_TRIES, SWAP_TRIES, AccountGate, Lane
from offorte_portal.connections.models import Connection, RequestBudget
from tests.connections.budget.clock import START, Clock
from tests.connections.budget.rows import row

pytestmark = pytest.mark.django_db


def interfering(clock: Clock, happenings: Iterator[Callable[[], object]]) -> Callable[[], float]:
    """A clock during whose reading, between look and change of the row, something happens."""

    def now() -> float:
        next(happenings, lambda: None)()
        return clock.moment

    return now


def touch() -> None:
    """What another process's grant does to the row's version."""
    RequestBudget.objects.update(version=F("version") + 1)


def test_a_change_by_another_process_is_seen_before_the_next_try(connection: Connection, clock: Clock) -> None:
    def grant_elsewhere() -> None:
        RequestBudget.objects.update(granted=[[START, "person"]], version=F("version") + 1)

    now = interfering(clock, iter([grant_elsewhere]))
    AccountGate(connection.pk, Lane.PERSON, Allowance(30), 5, now=now, sleep=clock.sleep).acquire()
    assert [lane for _, lane in row().granted] == ["person", "person"]
    assert len(clock.slept) == 1


def test_a_row_that_never_stays_still_ends_the_patience(connection: Connection, clock: Clock) -> None:
    now = interfering(clock, iter([touch] * 10_000))
    with pytest.raises(RateLimited) as caught:
        AccountGate(connection.pk, Lane.PERSON, Allowance(30), 0.5, now=now, sleep=clock.sleep).acquire()
    assert caught.value.retry_after == 1
    assert len(clock.slept) == SWAP_TRIES
    assert row().granted == []


def fail(message: str) -> Callable[[], object]:
    def raise_it() -> None:
        raise OperationalError(message)

    return raise_it


def test_a_locked_database_is_asked_again(connection: Connection, clock: Clock) -> None:
    now = interfering(clock, iter([fail("database is locked")] * (LOCK_TRIES - 1)))
    AccountGate(connection.pk, Lane.PERSON, Allowance(30), 5, now=now, sleep=clock.sleep).acquire()
    assert len(row().granted) == 1


@pytest.mark.parametrize(("message", "tries"), [("database is locked", LOCK_TRIES), ("disk I/O error", 1)])
def test_a_database_that_stays_locked_or_fails_is_an_error(
    connection: Connection, clock: Clock, message: str, tries: int
) -> None:
    now = interfering(clock, iter([fail(message)] * 10))
    with pytest.raises(OperationalError, match=message):
        AccountGate(connection.pk, Lane.PERSON, Allowance(30), 5, now=now, sleep=clock.sleep).acquire()
    assert len(clock.slept) == tries - 1


def test_a_grant_that_took_too_long_to_write_is_not_used(connection: Connection, clock: Clock) -> None:
    def stall() -> None:
        clock.moment += 2

    now = interfering(clock, iter([lambda: None, stall]))
    AccountGate(connection.pk, Lane.PERSON, Allowance(30), 5, now=now, sleep=clock.sleep).acquire()
    granted = [at for at, _ in row().granted]
    assert len(granted) == 2
    assert clock.moment - granted[-1] < 0.5


@pytest.mark.django_db(transaction=True)
def test_asking_inside_a_transaction_is_refused(open_gate: Callable[..., AccountGate]) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        open_gate().acquire()
