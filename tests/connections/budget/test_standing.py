"""What is told of an account's budget: who is about, what is used, how long requests will take."""

from collections.abc import Callable

import pytest
from pytest_django import Settings

from offorte_portal.connections.allowance import PRESENCE
from offorte_portal.connections.budget import AccountGate, Lane, Status, forecast, note_person, status
from offorte_portal.connections.models import Connection, RequestBudget
from tests.connections.budget.clock import START, Clock
from tests.connections.budget.rows import row

pytestmark = pytest.mark.django_db


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
