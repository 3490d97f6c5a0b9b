"""Amounts as people read them; sums by currency, with the number of items of unknown value."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal.adminkit.words import number as write_number
from offorte_portal.adminkit.words import short_number
from offorte_portal.text.worth import Worth
from proposals.currencies import DEFAULT_CURRENCY, currency_of

__all__ = [
    "APART",
    "DEFAULT_CURRENCY",
    "NOTHING",
    "UNKNOWN",
    "currency_of",
    "format_amount",
    "format_money",
    "list_amounts",
    "write_amount",
    "write_currency",
    "write_short",
    "write_unknown",
    "write_whole",
    "write_worth",
]

UNKNOWN = "—"

# Other systems give currency codes, Offorte gives signs.
SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}
APART = " · "
NOTHING = ""


def format_money(amount: Decimal | None, display: str = "") -> str:
    """Write an amount in the reader's notation, with two decimals or as many more as it needs.

    `display` is the same amount as Offorte wrote it, for its currency. An unknown amount is a dash, never zero.
    """
    return UNKNOWN if amount is None else f"{currency_of(display)}\u00a0{format_amount(amount)}"


def format_amount(amount: Decimal) -> str:
    """Write an amount without its currency, for columns where a total names the currency once."""
    decimals = max(2, -int(amount.normalize().as_tuple().exponent))
    number = number_format(abs(amount), decimals, use_l10n=True, force_grouping=True)
    return f"−{number}" if amount < 0 else number


def write_amount(amount: Decimal, currency: str) -> str:
    """Write an amount with the sign or the code of its currency; an empty currency is called unknown."""
    return _with_currency(format_amount(amount), currency)


def write_whole(amount: Decimal, currency: str) -> str:
    """Write an amount as `write_amount` does, without cents."""
    return _with_currency(number_format(round(amount), 0, use_l10n=True, force_grouping=True), currency)


def write_short(amount: Decimal, currency: str) -> str:
    """Write an amount for the axis of a chart; without a sign if its currency is unknown."""
    sign = SIGNS.get(currency, currency)
    return f"{sign}\u00a0{short_number(amount)}" if sign else short_number(amount)


def _with_currency(number: str, currency: str) -> str:
    if not currency:
        return _("%(amount)s in an unknown currency") % {"amount": number}
    return f"{SIGNS.get(currency, currency)}\u00a0{number}"


def write_currency(currency: str) -> str:
    """Write a currency by itself, for headings."""
    return SIGNS.get(currency, currency) or _("Unknown currency")


def list_amounts(worth: Worth, *, is_whole: bool = False, none: str = NOTHING) -> list[tuple[str, str]]:
    """Return (currency, written amount) pairs, largest first; without amounts `none` or, if that is "", zero euros."""
    write = write_whole if is_whole else write_amount
    ordered = sorted(worth.amounts.items(), key=lambda pair: (-pair[1], pair[0]))
    written = [(currency, write(amount, currency)) for currency, amount in ordered]
    return written or [("", none or write(Decimal(), DEFAULT_CURRENCY))]


def write_worth(worth: Worth, *, is_whole: bool = False) -> str:
    """Write the amounts of all currencies in a row."""
    return APART.join(text for _currency, text in list_amounts(worth, is_whole=is_whole))


def write_unknown(count: int) -> str:
    """Write how many items have no total."""
    return ngettext("%(count)s without a total", "%(count)s without a total", count) % {"count": write_number(count)}
