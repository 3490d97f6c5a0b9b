"""Limits and checks for values that go to Offorte, the same in forms and in files."""

from decimal import Decimal

from django.utils.translation import get_language

from offorte_portal.runs.reasons import invalid
from offorte_portal.text.amounts import read_amount, read_percentage
from offorte_portal.writes.reasons import WriteReason

LINE_CHARACTERS = 255
TEXT_CHARACTERS = 10_000
WHOLE_DIGITS = 15
DECIMALS = 4


def parse_amount(text: str) -> Decimal:
    """Parse an amount as people write it in the active language. Raises ValidationError, which says what to write."""
    return _checked(read_amount(text, get_language() or ""), WriteReason.NO_AMOUNT)


def parse_percentage(text: str) -> Decimal:
    """Parse a percentage, with or without its sign, as `parse_amount` does. Raises ValidationError."""
    return _checked(read_percentage(text, get_language() or ""), WriteReason.NO_PERCENTAGE)


def _checked(amount: Decimal | None, unread: WriteReason) -> Decimal:
    if amount is None:
        raise invalid(unread())
    if abs(amount) >= Decimal(10) ** WHOLE_DIGITS:
        raise invalid(WriteReason.TOO_MANY_DIGITS(most=WHOLE_DIGITS))
    if amount != round(amount, DECIMALS):
        raise invalid(WriteReason.TOO_MANY_DECIMALS(most=DECIMALS))
    return amount
