from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offorte_portal.text.amounts import read_amount, read_displayed, read_percentage
from tests.text.amount_cases import CASES

amounts = st.decimals(min_value=-10_000_000, max_value=10_000_000, places=2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # As machines write.
        ("45521.00", "45521.00"),
        ("-5", "-5"),
        ("+5.25", "5.25"),
        ("1.0E-5", "0.000010"),
        ("1.000", "1.000"),
        # As the notes show them.
        ("$999.99", "999.99"),
        ("€45,521.00", "45521.00"),
        ("€ 1000,00", "1000.00"),
        ("€ 45.521,00", "45521.00"),
        # One kind of separator, groups of three.
        ("€ 1.000", "1000"),
        ("$1,000", "1000"),
        ("1,000", "1000"),
        ("€ 1.234.567", "1234567"),
        # One separator that can't group.
        ("€ 0,500", "0.500"),
        ("€ 1000,000", "1000.000"),
        ("1000,5", "1000.5"),
        # Spaces, apostrophes, currencies, signs.
        ("€\u00a01\u202f000,50", "1000.50"),
        ("CHF 1’234.50", "1234.50"),
        ("1'234'567", "1234567"),
        ("12,50 EUR", "12.50"),
        ("US$ 5", "5"),
        ("kr. 12", "12"),
        ("-€5", "-5"),
        ("€ -5,00", "-5.00"),
        ("5,00-", "-5.00"),
        ("\u22125", "-5"),
        ("€ 1.000,-", "1000"),
        ("1000.--", "1000"),
    ],
)
def test_displayed_amounts_are_read(text: str, expected: str) -> None:
    assert read_displayed(text) == Decimal(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "€",
        "abc",
        "€ abc",
        "1.234.56",
        "1,2,3",
        "1234.567,8",
        "1,234,5678.00",
        "12 34",
        "12.",
        "€ 5.",
        "--5",
        "-€-5",
        "-5-",
        "€5$",
        "12 apples",
        "٣",
        "1" * 61,
    ],
)
def test_what_displays_no_amount_is_not_read(text: str) -> None:
    assert read_displayed(text) is None


@given(amount=amounts, currency=st.sampled_from(["€", "€ ", "$", "EUR ", "£"]))
def test_display_strings_with_two_decimals_are_never_ambiguous(amount: Decimal, currency: str) -> None:
    english = f"{amount:,.2f}"
    dutch = english.translate({ord(","): ".", ord("."): ","})

    for form in (english, dutch, f"{amount:.2f}", f"{amount:.2f}".replace(".", ",")):
        assert read_displayed(currency + form) == amount
        assert read_displayed(form) == amount
        for language in ("nl", "en"):
            assert read_amount(currency + form, language) == amount


@given(text=st.text(alphabet="0123456789.,'-€$ eE+"))
def test_any_text_is_read_or_not_but_never_breaks(text: str) -> None:
    for amount in (read_displayed(text), read_amount(text, "nl"), read_amount(text, "en")):
        assert amount is None or amount.is_finite()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_people_write_is_read_by_their_language(language: str) -> None:
    expected = {text: dutch if language == "nl" else english for text, dutch, english in CASES}
    read = {text: read_amount(text, language) for text in expected}
    assert read == {text: amount if amount is None else Decimal(amount) for text, amount in expected.items()}


@pytest.mark.parametrize(("language", "amount"), [("nl-be", 1000), ("de", 1000), ("en-gb", 1), ("", 1)])
def test_other_languages_decide_as_well(language: str, amount: int) -> None:
    assert read_amount("1.000", language) == amount


@pytest.mark.parametrize("text", ["5,5%", "5.5 %", "5,5", "5,5 procent", "5.5 percent", "5,5\u00a0%"])
def test_percentages_are_read_with_or_without_their_sign(text: str) -> None:
    assert read_percentage(text, "nl") == Decimal("5.5")


@pytest.mark.parametrize("text", ["%", "5%%", "5% off", "% 5", "€ 5 %x"])
def test_what_is_no_percentage_is_not_read(text: str) -> None:
    assert read_percentage(text, "nl") is None
