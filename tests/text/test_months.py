from datetime import date

import pytest

from offorte_portal.text.months import Period, months_back, read_month, write_month


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


def test_months_are_read_as_they_are_written() -> None:
    assert read_month(write_month(date(2026, 3, 1))) == date(2026, 3, 1)
    for text in ("", "2026", "2026-13", "2026-00", "0000-01", "9999-01", "2026-3", "٢٠٢٦-٠٣", "2026-03-01", " 2026-03"):
        assert read_month(text) is None, text


def test_a_period_counts_its_months() -> None:
    period = Period(date(2025, 11, 1), date(2026, 2, 1))
    assert period.months == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert period.last_day == date(2026, 2, 28)
    assert period.back(4) == Period(date(2025, 7, 1), date(2025, 10, 1))
    assert Period.until(date(2026, 2, 17), 4) == period
