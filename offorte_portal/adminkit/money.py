"""Amounts as people read them."""

from decimal import Decimal

from django.utils.formats import number_format

from offorte_portal.desk.currencies import DEFAULT_CURRENCY, currency_of

__all__ = ["DEFAULT_CURRENCY", "UNKNOWN", "currency_of", "format_amount", "format_money"]

UNKNOWN = "—"


def format_money(amount: Decimal | None, display: str = "") -> str:
    """The amount in the reader's own notation, with two decimals or as many more as it needs.

    `display` is the same amount as Offorte wrote it, for its currency. An unknown amount is a dash, never nought.
    """
    return UNKNOWN if amount is None else f"{currency_of(display)}\u00a0{format_amount(amount)}"


def format_amount(amount: Decimal) -> str:
    """The amount without its currency, for columns where a total names it once."""
    decimals = max(2, -int(amount.normalize().as_tuple().exponent))
    number = number_format(abs(amount), decimals, use_l10n=True, force_grouping=True)
    return f"−{number}" if amount < 0 else number
