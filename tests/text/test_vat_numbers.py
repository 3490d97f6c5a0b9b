"""VAT numbers: what looks wrong is doubted, what may be right is left alone."""

import pytest

from offorte_portal.runs.reasons import put_into_words
from offorte_portal.text.vat_numbers import check_vat_number


@pytest.mark.parametrize(
    "number",
    ["", "  ", "NL004495445B01", "nl 0044.95.445.B01", "BE 0403.019.261", "DE136695976", "EL 094259216", "US123"],
)
def test_nothing_is_wrong_with_these(number: str) -> None:
    assert check_vat_number(number) is None


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("NL123455678", "t a valid VAT number"),
        ("NL004495445B0", "t a valid VAT number"),
        ("004495445B01", "country code"),
        ("BE1", "t a valid VAT number"),
        ("--1--", "country code"),
    ],
)
def test_these_are_doubted(number: str, words: str) -> None:
    assert words in put_into_words(check_vat_number(number))
