"""Amounts, ages and initials as people read them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from offorte_portal.adminkit.money import format_money
from offorte_portal.adminkit.templatetags.portal import ago, avatar, initials, money
from proposals.currencies import currency_of


@pytest.mark.parametrize(
    ("amount", "language", "expected"),
    [
        ("48705", "nl", "€ 48.705,00"),
        ("48705", "en", "€ 48,705.00"),
        ("0", "en", "€ 0.00"),
        ("1E+3", "en", "€ 1,000.00"),
        ("64.5", "nl", "€ 64,50"),
        ("0.1250", "en", "€ 0.125"),
        ("-986.45", "nl", "€ −986,45"),
    ],
)
def test_an_amount_is_written_in_the_readers_way(amount: str, language: str, expected: str) -> None:
    with translation.override(language):
        assert format_money(Decimal(amount)) == expected.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("display", "currency"),
    [("$999.99", "$"), ("€45,521.00", "€"), ("€ 1000,00", "€"), ("1.000 CHF", "CHF"), ("", "€"), ("12", "€")],
)
def test_the_currency_is_offortes_own(display: str, currency: str) -> None:
    assert currency_of(display) == currency


def test_an_unknown_amount_is_never_nought() -> None:
    assert format_money(None) == "—"
    assert "0" not in money(None)
    assert "Unknown" in money(None)


def test_a_currency_can_not_carry_markup() -> None:
    assert "<b>" not in money(Decimal(1), "<b>1</b>")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Sanne Jansen", "SJ"), ("Sanne de Vries", "SV"), ("sanne", "S"), ("(Bram) Wit", "W"), ("", "?"), ("✨", "?")],
)
def test_initials_are_of_the_first_and_last_word(name: str, expected: str) -> None:
    assert initials(name) == expected


def test_an_avatar_escapes_its_name_and_keeps_its_tint() -> None:
    assert "<script" not in avatar("<script> x")
    assert avatar("Sanne Jansen") == avatar("Sanne Jansen")


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(minutes=12), "12\u00a0minutes ago"),
        (timedelta(hours=5), "5\u00a0hours ago"),
        (timedelta(days=16), "2\u00a0weeks ago"),
    ],
)
def test_ages_are_told_in_one_unit(age: timedelta, expected: str) -> None:
    assert f">{expected}</time>" in ago(timezone.now() - age - timedelta(seconds=5))


def test_an_unknown_moment_is_said_to_be_unknown() -> None:
    assert "Unknown" in ago(None)
