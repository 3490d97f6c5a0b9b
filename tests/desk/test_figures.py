"""The figures of the home page."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from offorte_portal.connections import connecting
from offorte_portal.desk import figures
from offorte_portal.desk.models import Rollup
from offorte_portal.mirror import wiping
from offorte_portal.staff.scope import Scope
from offorte_portal.text.months import months_back
from proposals.models import Proposal, SentEmail
from tests.support.factories import link, make_connection, make_proposal, make_staff
from tests.support.feed import bring_up_to_date

pytestmark = pytest.mark.django_db

TODAY = date(2026, 5, 12)


def at(month: int, day: int = 10, year: int = 2026) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def won(moment: datetime, value: int, days: int = 2, **fields: Any) -> Proposal:
    proposal = make_proposal(
        status="won", won_at=moment, remote_created_at=moment - 30 * timedelta(days=1), price_total=value, **fields
    )
    SentEmail.objects.create(proposal=proposal, remote_id=1, position=0, sent_at=moment - timedelta(days=days))
    return proposal


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
    bring_up_to_date()
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
    bring_up_to_date()
    sanne = make_staff("sanne")
    link(sanne, north)
    assert figures.read(Scope(sanne, is_mine=True), TODAY).now.value == 100
    assert figures.read(Scope(sanne, is_mine=False), TODAY).now.value == 110
    assert figures.read(Scope(sanne, is_mine=False, account=south), TODAY).now.value == 10
    assert figures.read(Scope(make_staff("x", email=""), is_mine=True), TODAY).now.value == 0
    with django_assert_num_queries(0):
        figures.read(Scope(sanne, is_mine=False), TODAY)


def test_an_account_whose_data_is_removed_adds_nothing_up() -> None:
    connection, other = make_connection("bouw"), make_connection("other")
    for each in (connection, other):
        make_proposal(each, status="open", price_total=5)
    bring_up_to_date()
    connecting.disconnect(connection, by=make_staff("boss"), keep_mirror=False)
    wiping.remove_mirror(connection.pk)
    assert figures.read(Scope(make_staff("pim"), is_mine=False), TODAY).open_value == 5
    assert set(Rollup.objects.values_list("connection", flat=True)) == {other.pk}
