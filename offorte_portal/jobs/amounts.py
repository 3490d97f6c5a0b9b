"""Amounts that people type, and how they are rounded."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Offorte's columns hold 15 digits before the point; its prices are floats, exact to about 15 digits in total.
LARGEST = Decimal("999999999999.99")
DIRECTIONS = {"nearest": ROUND_HALF_UP, "up": ROUND_CEILING, "down": ROUND_FLOOR}


def clean_amount(value: Any, option: str, *, lowest: int | None = None) -> str:
    """Return the amount as text, taking a comma for a decimal point. Raises ValidationError for the option."""
    try:
        amount = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        raise ValidationError({option: _("Enter a number.")}) from None
    if not amount.is_finite() or abs(amount) > LARGEST:
        raise ValidationError({option: _("Enter a number of at most 12 digits.")})
    if lowest is not None and amount < lowest:
        raise ValidationError({option: _("Enter a number of at least %(lowest)d.") % {"lowest": lowest}})
    return f"{amount:f}"


def round_to(amount: Decimal, step: Decimal, direction: str) -> Decimal:
    """Return the multiple of `step` nearest to the amount, or the next one up or down; halves go away from zero."""
    return (amount / step).quantize(Decimal(1), rounding=DIRECTIONS[direction]) * step
