"""Amounts in the options of actions, and how they are rounded."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from offorte_portal.writes.amounts import parse_amount

# Offorte's columns hold 15 digits before the point; its prices are floats, exact to about 15 digits in total.
LARGEST = Decimal("999999999999.99")
DIRECTIONS = {"nearest": ROUND_HALF_UP, "up": ROUND_CEILING, "down": ROUND_FLOOR}


def clean_amount(value: Any, option: str, *, lowest: int | None = None) -> str:
    """Return an amount, read or as people write it, as text. Raises ValidationError for the option."""
    try:
        amount = value if isinstance(value, Decimal) else parse_amount(str(value))
    except ValidationError as error:
        raise ValidationError({option: error}) from None
    if abs(amount) > LARGEST:
        raise ValidationError({option: _("Enter a number with at most 12 digits.")})
    if lowest is not None and amount < lowest:
        raise ValidationError({option: _("Enter %(lowest)d or more.") % {"lowest": lowest}})
    return f"{amount:f}"


def round_to(amount: Decimal, step: Decimal, direction: str) -> Decimal:
    """Return the multiple of `step` nearest to the amount, or the next one up or down; halves go away from zero."""
    return (amount / step).quantize(Decimal(1), rounding=DIRECTIONS[direction]) * step
