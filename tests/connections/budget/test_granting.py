"""The gate to an account: who may send a request, and who waits for how long."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from pytest_django import Settings

from offorte_portal.api.errors import RateLimited
from offorte_portal.connections.allowance import Allowance
from offorte_portal.connections.budget import PAUSE, SPREAD, AccountGate, Lane, gate
from offorte_portal.connections.models import Connection, RequestBudget
from tests.connections.budget.clock import START, WINDOW, Clock
from tests.connections.budget.rows import row

pytestmark = pytest.mark.django_db


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
def test_a_429_pauses_the_account_as_long_as_it_says(
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


def test_a_clock_set_back_holds_nobody_up_beyond_a_window(open_gate: Callable[..., AccountGate], clock: Clock) -> None:
    open_gate(limit=1).acquire()
    open_gate(limit=1).pause(30)
    clock.moment -= 86_400
    with pytest.raises(RateLimited) as caught:
        open_gate(Lane.BACKGROUND, limit=1).acquire()
    assert caught.value.retry_after == pytest.approx(WINDOW)
    clock.moment += WINDOW
    open_gate(Lane.BACKGROUND, limit=1, patience=0).acquire()


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
