"""Forecasts: rows are added, the newest counts, and what came is set beside what was forecast."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User

from offorte_portal import ports
from offorte_portal.desk.models import DeskSettings, Forecast, ForecastAdjustment, Rollup
from offorte_portal.desk.reports import forecasts
from offorte_portal.desk.reports.forecasts import Book, Entry, Line, State
from offorte_portal.text.months import Period
from tests.support.clock import Clock
from tests.support.factories import link, make_connection, make_proposal, make_staff
from tests.support.feed import bring_up_to_date

pytestmark = pytest.mark.django_db

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
TODAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(TODAY)
    monkeypatch.setattr(ports, "clock", made)
    return made


@pytest.fixture
def seller() -> User:
    make_connection("north")
    user = make_staff("sanne", email="sanne@x.nl", first_name="Sanne")
    link(user)
    return user


def version() -> int:
    """What changes with the sums, as `Scope.version` does."""
    newest = Rollup.objects.order_by("-pk").first()
    return newest.pk if newest else 0


def read(month: date = NOVEMBER, **options: Any) -> list[Line]:
    return Book(Period(month, month), version=version(), **options).lines(month)


def entry(committed: int, best_case: int = 0, month: date = NOVEMBER, currency: str = "€", note: str = "") -> Entry:
    return Entry(month, currency, Decimal(committed), Decimal(best_case or committed), note)


def submit(seller: User, *entries: Entry) -> int:
    return forecasts.submit(seller, entries, version())


def test_the_newest_forecast_counts_and_the_others_stay(seller: User) -> None:
    assert submit(seller, entry(100, 200)) == 1
    assert submit(seller, entry(100, 200)) == 0, "nothing changed"
    assert submit(seller, entry(150, 200, note="De Vries")) == 1
    (line,) = read()
    assert line.counted == 150
    assert Forecast.objects.count() == 2
    book = Book(Period(NOVEMBER, NOVEMBER), version=version())
    assert [row.committed for row in book.history(line) if isinstance(row, Forecast)] == [100, 150]


def test_only_open_months_and_own_currencies_are_taken(seller: User) -> None:
    assert (
        submit(seller, entry(1, month=date(2026, 10, 1)), entry(1, month=date(2027, 3, 1)), entry(1, currency="$")) == 0
    )
    assert submit(seller, entry(1, month=date(2027, 2, 1))) == 1
    assert submit(make_staff("pim"), entry(1)) == 0, "no Offorte user"


def test_the_expectation_at_that_moment_is_kept(seller: User) -> None:
    DeskSettings.objects.create(chance_unseen=25, chance_edit=10)
    for status, value in (("open", 1000), ("edit", 500), ("won", 70)):
        make_proposal(status=status, price_total=value, owner_email="sanne@x.nl", won_at=TODAY - DAY)
    bring_up_to_date()
    submit(seller, entry(100))
    (line,) = read()
    assert line.computed == line.expected == Decimal(300)
    assert line.came == 70
    assert line.difference == -30


def test_an_adjustment_counts_until_it_is_taken_back_and_is_named(seller: User) -> None:
    boss = make_staff("boss", first_name="Bo")
    submit(seller, entry(100))
    (line,) = read()
    assert forecasts.adjust(line, amount=Decimal(80), note="Too high", by=boss)
    boss.delete()
    (line,) = read()
    assert line.counted == 80
    assert line.adjustment is not None
    assert (line.adjustment.by, line.adjustment.by_name) == (None, "Bo")
    assert not forecasts.adjust(line, amount=Decimal(80), note="Too high", by=make_staff("other"))
    assert forecasts.adjust(line, amount=None, note="", by=make_staff("third"))
    assert read()[0].counted == 100
    assert ForecastAdjustment.objects.count() == 2


def test_whether_it_was_in_time(seller: User, clock: Clock) -> None:
    today = date(2026, 11, 20)
    assert read()[0].state(today) == State.MISSING
    assert read(DECEMBER)[0].state(today) == State.DUE
    submit(seller, entry(1), entry(1, month=DECEMBER))
    assert read()[0].state(today) == State.LATE
    clock.set(30 * 24 * 3600)
    submit(seller, entry(2, month=DECEMBER))
    assert read(DECEMBER)[0].state(date(2026, 12, 20)) == State.SUBMITTED, "the first one counts for that"


def test_what_others_won_is_a_line_of_its_own_and_currencies_stay_apart(seller: User) -> None:
    south = make_connection("south")
    make_proposal(status="won", won_at=TODAY, price_total=5, owner_email="gone@x.nl")
    make_proposal(
        south, status="won", won_at=TODAY, price_total=7, price_total_display="$7.00", owner_email="gone@x.nl"
    )
    bring_up_to_date()
    lines = [(line.seller, line.currency, line.came) for line in read()]
    assert lines == [(seller.pk, "€", Decimal()), (0, "$", Decimal(7)), (0, "€", Decimal(5))]


def test_a_seller_who_left_keeps_forecasts_and_what_they_won(seller: User) -> None:
    submit(seller, entry(100))
    make_proposal(status="won", won_at=TODAY, price_total=60, owner_email="sanne@x.nl")
    bring_up_to_date()
    User.objects.update(is_active=False)
    (line,) = read()
    assert (line.name, line.counted, line.came) == ("Sanne", Decimal(100), Decimal(60))
    seller.delete()
    named, others = read()
    assert (named.name, named.counted, named.came) == ("Sanne", Decimal(100), None)
    assert others.came == 60


def test_ones_own_book_has_nobody_elses(seller: User) -> None:
    other = make_staff("pim", email="pim@x.nl")
    link(other)
    submit(other, entry(9))
    assert [line.seller for line in read(only=seller)] == [seller.pk]
    assert {line.seller for line in read()} == {seller.pk, other.pk}


def test_nothing_is_computed_from_accounts_that_are_still_being_read(seller: User) -> None:
    make_proposal(status="won", won_at=TODAY, price_total=60, owner_email="sanne@x.nl")
    bring_up_to_date()
    forecasts.submit(seller, [entry(100)], version=version(), is_known=False)
    (line,) = read(is_known=False)
    assert (line.expected, line.computed, line.came, line.difference) == (None, None, None, None)
    assert line.counted == 100
