from datetime import date

import pytest

from offorte_portal.text.months import months_back


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
