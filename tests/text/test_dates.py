"""Dates as people write them: the day first, unless the year comes first or the month has a name."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offorte_portal.text.dates import MONTHS, read_date, read_moment

FIRST_OF_NOVEMBER = date(2026, 11, 1)


@pytest.mark.parametrize(
    "text",
    [
        "1-11-2026", "01-11-2026", "1/11/2026", "1/11/26", "01.11.2026", "1.11.26", "1 11 2026", "1. 11. 2026",
        "2026-11-01", "2026/11/1", "2026.11.01", "20261101", " 2026-11-01 ",
        "1 nov 2026", "1 nov. 2026", "1 november 2026", "1 November 2026", "1 NOV 2026", "1-nov-2026", "1-nov-26",
        "1 nov '26", "1 nov ’26", "1st November 2026", "1st of November 2026", "1e november 2026", "1nov2026",
        "1. November 2026", "1er novembre 2026", "1 Nov, 2026", "Nov 1, 2026", "November 1st, 2026",
        "zo 1 nov 2026", "zondag 1 november 2026", "Sunday, 1 November 2026", "Sun 1-11-2026", "zo. 1-11-2026",
        "1 nov\u00a02026", "1\u202fnov 2026", "\u200e1-11-2026",
        "2026-11-01 14:05", "2026-11-01T14:05:09", "2026-11-01T14:05:09.123Z", "2026-11-01T14:05+01:00",
        "1-11-2026 14:05", "1 nov 2026, 14:05", "1 nov 2026 om 14.05 uur",
    ],
)  # fmt: skip
def test_a_date_is_read_day_first(text: str) -> None:
    assert read_date(text) == FIRST_OF_NOVEMBER


@pytest.mark.parametrize("text", ["11/12/2026", "11-12-2026", "11.12.26", "11 dec 2026", "11 décembre 2026"])
def test_a_number_before_a_number_is_the_day(text: str) -> None:
    assert read_date(text) == date(2026, 12, 11)


@pytest.mark.parametrize(
    "text",
    [
        "", "12/31/2026", "31-02-2026", "30 feb 2026", "2026-13-01", "2026-00-10", "0-1-2026", "1-11", "november",
        "1 brumaire 2026", "2026", "46327", "1-11-202", "1/11-2026", "1-11-2026 25:00", "vandaag", "today", "20269999",
        "12.50", "1.000", "abc", "1" * 80, "٠١-١١-٢٠٢٦", "1-11-2026 x", "0000-00-00",
    ],
)  # fmt: skip
def test_what_is_no_date_is_not_read(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("text", "days"),
    [("vandaag", 0), ("Today", 0), ("gisteren", -1), ("yesterday", -1), ("morgen", 1), ("tomorrow", 1)],
)
def test_words_for_days_are_read_where_today_is_known(text: str, days: int) -> None:
    assert read_date(text, today=FIRST_OF_NOVEMBER) == FIRST_OF_NOVEMBER + timedelta(days=days)


@pytest.mark.parametrize(
    ("text", "day"), [("46327", FIRST_OF_NOVEMBER), ("46327.5", FIRST_OF_NOVEMBER), ("2026", None)]
)
def test_days_of_excel_are_read_in_files(text: str, day: date | None) -> None:
    assert read_date(text, has_serials=True) == day


def test_two_digits_are_a_year_from_1970_on() -> None:
    assert [read_date(f"1-1-{year}") for year in ("69", "70", "00")] == [
        date(2069, 1, 1), date(1970, 1, 1), date(2000, 1, 1),
    ]  # fmt: skip


def test_a_moment_has_its_time() -> None:
    assert read_moment("1-11-2026 14:05") == datetime(2026, 11, 1, 14, 5)  # noqa: DTZ001
    assert read_moment("2026-11-01T14:05:09") == datetime(2026, 11, 1, 14, 5, 9)  # noqa: DTZ001
    assert read_moment("1 nov 2026") == datetime(2026, 11, 1)  # noqa: DTZ001


@given(day=st.dates(date(1970, 1, 1), date(2069, 12, 31)), separator=st.sampled_from("-/. "))
def test_every_day_is_read_in_every_form(day: date, separator: str) -> None:
    numbers = [str(day.day), str(day.month), str(day.year)]
    assert read_date(separator.join(numbers)) == read_date(day.isoformat()) == day
    assert read_date(separator.join([*numbers[:2], f"{day.year % 100:02}"])) == day
    for name in (name for name, number in MONTHS.items() if number == day.month):
        assert read_date(f"{day.day}{separator}{name}{separator}{day.year}") == day


@given(text=st.text(alphabet="0123456789-/. :novTZ'mei,"))
def test_any_text_is_a_date_or_none_and_never_breaks(text: str) -> None:
    read_date(text, today=FIRST_OF_NOVEMBER, has_serials=True)
