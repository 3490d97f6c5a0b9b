"""The figures of the home page."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import caches

from offorte_portal import desk
from offorte_portal.desk import figures
from offorte_portal.desk.attention import Scope
from offorte_portal.desk.figures import months_back
from proposals.models import Proposal, SentEmail
from tests.support.factories import link, make_connection, make_proposal, make_staff

pytestmark = pytest.mark.django_db

TODAY = date(2026, 5, 12)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    caches["local"].clear()


def at(month: int, day: int = 10, year: int = 2026) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def won(moment: datetime, value: int, days: int = 2, **fields: Any) -> Proposal:
    proposal = make_proposal(
        status="won", won_at=moment, remote_created_at=moment - 30 * timedelta(days=1), price_total=value, **fields
    )
    SentEmail.objects.create(proposal=proposal, remote_id=1, position=0, sent_at=moment - timedelta(days=days))
    return proposal


@pytest.mark.parametrize(
    ("month", "count", "expected"),
    [
        (date(2026, 5, 1), 0, date(2026, 5, 1)),
        (date(2026, 5, 1), 11, date(2025, 6, 1)),
        (date(2026, 1, 1), 1, date(2025, 12, 1)),
        (date(2026, 12, 1), -1, date(2027, 1, 1)),
    ],
)
def test_months_are_counted_back(month: date, count: int, expected: date) -> None:
    assert months_back(month, count) == expected


def test_the_quarter_and_the_one_before() -> None:
    won(at(4), 100, days=1)
    won(at(5), 50, days=2)
    won(at(3), 40, days=9)
    won(at(12, year=2025), 7)
    make_proposal(status="lost", remote_modified_at=at(5), price_total=10)
    make_proposal(status="closed", remote_modified_at=at(5), price_total=10)
    make_proposal(status="open", remote_created_at=at(2), price_total=Decimal("5.5"))
    make_proposal(status="open", remote_created_at=at(2, year=2019), price_total=1)
    make_proposal(status="open")
    desk.sweep()
    found = figures.read(Scope(make_staff(), is_mine=False), TODAY)
    assert (found.now.won, found.now.lost, found.now.value, found.now.hours) == (2, 1, Decimal(150), 24)
    assert (found.before.won, found.before.lost, found.before.value, found.before.hours) == (1, 0, Decimal(40), 216)
    assert found.now.rate == pytest.approx(66.67, abs=0.01)
    assert (found.open_count, found.open_value) == (3, Decimal("6.5"))
    months = {month: (won_value, open_value) for month, won_value, open_value in found.months}
    assert list(months) == [months_back(date(2026, 5, 1), back) for back in range(11, -1, -1)]
    assert months[date(2026, 4, 1)] == (Decimal(100), Decimal())
    assert months[date(2026, 2, 1)] == (Decimal(), Decimal("5.5"))


def test_nothing_is_no_rate() -> None:
    found = figures.read(Scope(make_staff(), is_mine=False), TODAY)
    assert found.now.rate is None
    assert found.now.hours is None


def test_figures_are_of_the_desk_that_is_asked_for(django_assert_num_queries: Any) -> None:
    north, south = make_connection("north"), make_connection("south")
    won(at(5), 100, connection=north, owner_email="sanne@example.com")
    won(at(5), 10, connection=south, owner_email="pim@example.com")
    desk.sweep()
    sanne = make_staff("sanne")
    link(sanne, north)
    assert figures.read(Scope(sanne, is_mine=True), TODAY).now.value == 100
    assert figures.read(Scope(sanne, is_mine=False), TODAY).now.value == 110
    assert figures.read(Scope(sanne, is_mine=False, account=south), TODAY).now.value == 10
    assert figures.read(Scope(make_staff("x", email=""), is_mine=True), TODAY).now.value == 0
    with django_assert_num_queries(0):
        figures.read(Scope(sanne, is_mine=False), TODAY)
