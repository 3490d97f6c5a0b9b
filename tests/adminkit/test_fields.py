"""Amounts as people type them, and the other fields of forms."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from offorte_portal.adminkit.fields import AmountField, MomentField, NumberField, PercentageField, TextField, YesNoField


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("", None),
        ("   ", None),
        ("0", 0),
        ("12", 12),
        ("1234.5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1.234,50", "1234.5"),
        ("1,234.50", "1234.5"),
        ("1.234.567", 1234567),
        ("€ 1.234,50", "1234.5"),
        ("-5,25", "-5.25"),
        ("0,500", "0.5"),
        ("0.500", "0.5"),
        ("1000,00", 1000),
        ("999999999999999", 999999999999999),
        ("1,2345", "1.2345"),
    ],
)
def test_amounts_are_read_with_comma_or_point(typed: str, amount: object) -> None:
    read = AmountField("Price").clean(typed)
    assert read == (None if amount is None else Decimal(str(amount)))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("twelve", "isn’t an amount"),
        ("1.2.3", "isn’t an amount"),
        ("12 34 €", "isn’t an amount"),
        ("5%", "isn’t an amount"),
        ("9999999999999999", "at most 15 digits"),
        ("1,23456", "at most 4 decimals"),
        ("nan", "isn’t an amount"),
        ("1e400", "isn’t an amount"),
        ("9" * 70, "isn’t an amount"),
    ],
)
def test_what_is_no_amount_is_said(typed: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        AmountField("Price").clean(typed)


@pytest.mark.parametrize(("language", "shown"), [("en", "1234.50"), ("nl", "1234,50")])
def test_an_amount_is_shown_and_read_in_the_readers_notation(language: str, shown: str) -> None:
    field = AmountField("Price")
    with translation.override(language):
        assert field.prepare_value(Decimal("1234.5000")) == shown
        assert field.clean(shown) == Decimal("1234.5")
    assert field.prepare_value("as typed") == "as typed"


@pytest.mark.parametrize(("language", "typed"), [("en", "1,000"), ("nl", "1.000")])
def test_the_readers_language_decides_what_has_two_meanings(language: str, typed: str) -> None:
    with translation.override(language):
        assert AmountField("Price").clean(typed) == 1000
        assert NumberField("Views").clean(typed) == 1000


@pytest.mark.parametrize(("language", "shown"), [("en", "12.5"), ("nl", "12,5")])
def test_a_percentage_may_have_its_sign(language: str, shown: str) -> None:
    field = PercentageField("Percent")
    with translation.override(language):
        assert field.prepare_value(Decimal("12.50")) == shown
        assert field.clean(f"{shown} %") == field.clean(shown) == Decimal("12.5")
        with pytest.raises(ValidationError, match="percentage"):
            field.clean("much")


@pytest.mark.parametrize("typed", ["1.5", "1,5", "many"])
def test_a_number_is_whole(typed: str) -> None:
    with pytest.raises(ValidationError):
        NumberField("Views").clean(typed)


def test_yes_no_and_not_told() -> None:
    field = YesNoField("Optional")
    assert [field.prepare_value(value) for value in (True, False, None)] == ["true", "false", None]
    field.choices = [("", "?"), ("true", "Yes"), ("false", "No")]
    assert [field.clean(value) for value in ("true", "false", "")] == [True, False, None]


def test_line_breaks_are_as_offorte_has_them() -> None:
    assert TextField("Text").clean("a\r\nb\n") == "a\nb"


@pytest.mark.parametrize(
    "text",
    ["2026-12-01T14:05", "2026-12-01 14:05", "1-12-2026 14:05", "1 dec 2026, 14.05 uur", "di 1 december 2026 om 14:05"],
)
def test_a_moment_is_read_as_browsers_and_people_write_it(text: str) -> None:
    found = MomentField("When").clean(text)
    assert timezone.localtime(found).isoformat() == "2026-12-01T14:05:00+01:00"


@pytest.mark.parametrize("text", ["", "soon", "31-2-2026 10:00", "2026-12-01T25:00", "29-3-2026 02:30", "9" * 40, "\0"])
def test_what_is_no_moment_is_refused_beside_the_field(text: str) -> None:
    with pytest.raises(ValidationError):
        MomentField("When").clean(text)
