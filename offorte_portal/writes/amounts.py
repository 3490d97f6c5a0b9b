"""Limits and checks for values that go to Offorte, the same in forms and in files."""

import re
from decimal import Decimal

from offorte_portal.runs.reasons import invalid
from offorte_portal.text.amounts import read_amount
from offorte_portal.writes.reasons import WriteReason

LINE_CHARACTERS = 255
TEXT_CHARACTERS = 10_000
WHOLE_DIGITS = 15
DECIMALS = 4
# "1.000" is a thousand to some and one to others, so a price like that is refused rather than guessed.
_AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


def parse_amount(text: str) -> Decimal:
    """Parse an amount with a comma or a point. Raises ValidationError, which says what to write instead."""
    if _AMBIGUOUS.fullmatch(text):
        whole = re.sub(r"\D", "", text)
        raise invalid(
            WriteReason.AMOUNT_AMBIGUOUS(text=text, large=whole, small=text.replace(",", ".").rstrip("0").rstrip("."))
        )
    amount = read_amount(text)
    if amount is None:
        raise invalid(WriteReason.NO_AMOUNT())
    if abs(amount) >= Decimal(10) ** WHOLE_DIGITS:
        raise invalid(WriteReason.TOO_MANY_DIGITS(most=WHOLE_DIGITS))
    if amount != round(amount, DECIMALS):
        raise invalid(WriteReason.TOO_MANY_DECIMALS(most=DECIMALS))
    return amount
