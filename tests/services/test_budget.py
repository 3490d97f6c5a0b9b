"""The gate to an account: one row in the database that every process asks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from django.db import OperationalError, transaction
from django.db.models import F
from pytest_django import Settings

from offorte_portal.api.errors import RateLimited
from offorte_portal.models import Connection, RequestBudget
from offorte_portal.services.allowance import PRESENCE, Allowance
from offorte_portal.services.budget import (
    LOCK_TRIES,
    PAUSE,
    SPREAD,
    SWAP_TRIES,
    AccountGate,
    Lane,
    Status,
    forecast,
    gate,
    note_person,
    status,
)

pytestmark = pytest.mark.django_db
START = 1_800_000_000.0
WINDOW = 61.5


@dataclass
class Clock:
    """A clock that only sleeping moves."""

    moment: float = START
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def connection() -> Connection:
    return Connection.objects.create(account="bouw", client_id="id", client_secret="hush")


@pytest.fixture
def open_gate(connection: Connection, clock: Clock) -> Callable[..., AccountGate]:
    def open_gate(lane: Lane = Lane.PERSON, *, limit: int = 30, patience: float = 5) -> AccountGate:
        return AccountGate(connection.pk, lane, Allowance(limit), patience, now=clock.now, sleep=clock.sleep)

    return open_gate


def row() -> RequestBudget:
    return RequestBudget.objects.get()


def test_a_request_is_written_down_before_it_is_granted(open_gate: Callable[..., AccountGate], clock: Clock) -> None:
    open_gate().acquire()
    clock.moment += 1
    open_gate(Lane.BACKGROUND).acquire()
    assert row().granted == [[START, "person"], [START + 1, "background"]]
    assert row().person_seen == START
    assert clock.slept == []


def test_grants_of_an_earlier_window_are_dropped(open_gate: Callable[..., AccountGate], clock: Clock) -> None:
    open_gate().acquire()
    clock.moment += WINDOW
    open_gate().acquire()
    assert row().granted == [[START + WINDOW, "person"]]


def test_a_request_waits_for_the_one_that_leaves_the_window(
    open_gate: Callable[..., AccountGate], clock: Clock
) -> None:
    gate = open_gate(limit=1)
    gate.acquire()
    clock.moment += WINDOW - 3
    gate.acquire()
    assert WINDOW <= clock.moment - START <= WINDOW + SPREAD
    assert len(clock.slept) == 1


def test_patience_ends_at_once_when_it_can_not_suffice(open_gate: Callable[..., AccountGate], clock: Clock) -> None:
    gate = open_gate(limit=1)
    gate.acquire()
    clock.moment += 20
    with pytest.raises(RateLimited) as caught:
        gate.acquire()
    assert caught.value.retry_after == pytest.approx(WINDOW - 20)
    assert clock.slept == []


def test_patience_is_spent_over_several_waits(open_gate: Callable[..., AccountGate], clock: Clock) -> None:
    """Another process takes each request that comes free."""
    gate = open_gate(limit=3, patience=12)
    for _ in range(3):
        gate.acquire()
        clock.moment += 5
    clock.moment = START + WINDOW - 3

    def sleep_and_lose(seconds: float) -> None:
        clock.sleep(seconds)
        rival.acquire()

    rival = open_gate(limit=3, patience=0)
    with pytest.raises(RateLimited):
        replace(gate, sleep=sleep_and_lose).acquire()
    assert len(clock.slept) == 2
    assert sum(clock.slept) <= 12 + 2 * SPREAD


def test_who_has_waited_longer_wakes_up_first(open_gate: Callable[..., AccountGate], clock: Clock) -> None:
    gate = open_gate(Lane.BACKGROUND, patience=20)
    gate.pause(4)

    def sleep_into_another_pause(seconds: float) -> None:
        clock.sleep(seconds)
        if len(clock.slept) == 1:
            gate.pause(4)

    replace(gate, sleep=sleep_into_another_pause).acquire()
    first, second = clock.slept
    assert first > second > 4


def test_a_person_who_waits_counts_as_about(open_gate: Callable[..., AccountGate], clock: Clock) -> None:
    for _ in range(3):
        open_gate(Lane.BACKGROUND, limit=3, patience=200).acquire()
    assert row().person_seen == 0
    open_gate(limit=3).acquire()
    with pytest.raises(RateLimited):
        open_gate(limit=3, patience=0).acquire()
    assert row().person_seen == clock.moment


def test_background_work_that_waits_writes_nothing(open_gate: Callable[..., AccountGate]) -> None:
    open_gate(limit=1).acquire()
    version = row().version
    with pytest.raises(RateLimited):
        open_gate(Lane.BACKGROUND, limit=1).acquire()
    assert row().version == version


def test_accounts_do_not_share_their_budgets(open_gate: Callable[..., AccountGate], clock: Clock) -> None:
    open_gate(limit=1).acquire()
    other = Connection.objects.create(account="hout", client_id="id", client_secret="hush")
    AccountGate(other.pk, Lane.PERSON, Allowance(1), 0, now=clock.now, sleep=clock.sleep).acquire()
    assert RequestBudget.objects.count() == 2


@pytest.mark.parametrize(("told", "pause"), [(None, PAUSE), (7.0, 7.0), (0.0, 1.0), (-5.0, 1.0), (3600.0, 3600.0)])
@pytest.mark.parametrize("limit", [0, 30])
def test_a_429_pauses_the_account_for_as_long_as_it_says_or_a_minute(
    open_gate: Callable[..., AccountGate], clock: Clock, limit: int, told: float | None, pause: float
) -> None:
    open_gate(Lane.BACKGROUND, limit=limit).pause(told)
    with pytest.raises(RateLimited) as caught:
        open_gate(limit=limit, patience=0).acquire()
    assert caught.value.retry_after == pause
    clock.moment += pause
    open_gate(limit=limit, patience=0).acquire()


def test_a_shorter_pause_does_not_end_a_longer_one(open_gate: Callable[..., AccountGate]) -> None:
    open_gate().pause(120)
    open_gate().pause(1)
    assert row().paused_until == START + 120


def test_without_a_limit_nothing_is_written(open_gate: Callable[..., AccountGate]) -> None:
    for _ in range(100):
        open_gate(Lane.BACKGROUND, limit=0).acquire()
    assert not RequestBudget.objects.exists()


def test_a_clock_set_back_holds_nobody_up_for_longer_than_a_window(
    open_gate: Callable[..., AccountGate], clock: Clock
) -> None:
    open_gate(limit=1).acquire()
    open_gate(limit=1).pause(30)
    clock.moment -= 86_400
    with pytest.raises(RateLimited) as caught:
        open_gate(Lane.BACKGROUND, limit=1).acquire()
    assert caught.value.retry_after == pytest.approx(WINDOW)
    clock.moment += WINDOW
    open_gate(Lane.BACKGROUND, limit=1, patience=0).acquire()


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


def test_the_gate_takes_the_limit_of_the_settings(connection: Connection, settings: Settings) -> None:
    settings.OFFORTE_REQUESTS_PER_MINUTE = 2
    for _ in range(2):
        gate(connection, Lane.PERSON).acquire()
    with pytest.raises(RateLimited) as caught:
        gate(connection, Lane.PERSON).acquire()
    assert caught.value.retry_after is not None
    assert WINDOW - 10 < caught.value.retry_after <= WINDOW


@pytest.mark.parametrize(("lane", "patience"), [(Lane.PERSON, 5), (Lane.BACKGROUND, 20)])
def test_people_are_told_sooner_than_background_work(connection: Connection, lane: Lane, patience: float) -> None:
    default, own = gate(connection, lane), gate(connection, lane, patience=0)
    assert isinstance(default, AccountGate)
    assert isinstance(own, AccountGate)
    assert (default.patience, own.patience) == (patience, 0)


def test_a_person_is_noted_in_one_account_or_in_all(clock: Clock) -> None:
    accounts = [
        Connection.objects.create(account=name, client_id="id", client_secret="hush") for name in ("bouw", "hout")
    ]
    RequestBudget.objects.bulk_create(RequestBudget(connection=account) for account in accounts)
    note_person(accounts[0], now=clock.now)
    assert [status(account, now=clock.now).is_person_about for account in accounts] == [True, False]
    note_person(now=clock.now)
    assert [status(account, now=clock.now).is_person_about for account in accounts] == [True, True]


def test_a_person_is_noted_every_half_minute_at_most(connection: Connection, clock: Clock) -> None:
    RequestBudget.objects.create(connection=connection)
    for _ in range(61):
        note_person(connection, now=clock.now)
        clock.moment += 1
    assert row().version == 2
    assert row().person_seen == START + 31
    clock.moment = START
    note_person(connection, now=clock.now)
    assert row().person_seen == START, "the clock was set back"


def test_noting_a_person_makes_no_row(connection: Connection) -> None:
    note_person(connection)
    assert not RequestBudget.objects.exists()


def test_status_tells_how_the_budget_stands(
    connection: Connection, open_gate: Callable[..., AccountGate], clock: Clock
) -> None:
    assert status(connection, now=clock.now) == Status(used=0, limit=30, paused_for=0, is_person_about=False)
    open_gate().acquire()
    open_gate().pause(40)
    clock.moment += 10
    assert status(connection, now=clock.now) == Status(used=1, limit=30, paused_for=30, is_person_about=True)
    clock.moment += PRESENCE
    assert status(connection, now=clock.now) == Status(used=0, limit=30, paused_for=0, is_person_about=False)


@pytest.mark.parametrize("requests", [1, 5, 29, 60, 200])
@pytest.mark.parametrize("is_person_about", [False, True])
def test_the_forecast_is_what_it_takes(
    connection: Connection,
    open_gate: Callable[..., AccountGate],
    clock: Clock,
    requests: int,
    is_person_about: bool,
) -> None:
    seen = clock.moment if is_person_about else 0
    RequestBudget.objects.create(connection=connection, person_seen=seen)
    expected = forecast(connection, requests, now=clock.now)
    background = open_gate(Lane.BACKGROUND, patience=100)
    for _ in range(requests):
        if is_person_about:
            note_person(connection, now=clock.now)
        background.acquire()
    assert clock.moment - START == pytest.approx(expected, rel=0.15, abs=1)


def test_the_forecast_of_nothing_is_nothing(connection: Connection) -> None:
    assert forecast(connection, 0) == 0


def test_the_forecast_counts_a_pause(
    connection: Connection, open_gate: Callable[..., AccountGate], clock: Clock, settings: Settings
) -> None:
    open_gate().pause(45)
    assert forecast(connection, 1, now=clock.now) == 45
    settings.OFFORTE_REQUESTS_PER_MINUTE = 0
    assert forecast(connection, 10_000, now=clock.now) == 45
    clock.moment += 50
    assert forecast(connection, 10_000, now=clock.now) == 0
