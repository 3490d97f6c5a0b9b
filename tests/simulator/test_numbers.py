"""Amounts and dates are printed in each of the known forms."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from offorte_portal.simulator.rendering.numbers import display, iso, printed, stamped, to_number


@pytest.mark.parametrize(
    ("currency", "form", "text"),
    [
        ("EUR", 0, "€ 45.521,00"),
        ("EUR", 3, "€45,521.00"),
        ("EUR", 6, "€ 45521,00"),
        ("USD", 0, "$45,521.00"),
    ],
)
def test_display_strings(currency: str, form: int, text: str) -> None:
    assert display(Decimal(45521), currency=currency, form=form) == text


def test_printed_dates() -> None:
    at = datetime(2018, 5, 15, 4, 49, 5, 7, tzinfo=UTC)
    assert printed(at, 0) == "15 mei 2018 (06:49)"
    assert printed(at, 1) == "15 may 2018 (06:49)"
    assert stamped(at) == "2018-05-15 06:49:05"
    assert iso(at) == "2018-05-15T04:49:05.000007Z"


def test_whole_numbers_have_no_fraction() -> None:
    assert repr(to_number(Decimal("15000.00"))) == "15000"
    assert repr(to_number(Decimal("0.75"))) == "0.75"
