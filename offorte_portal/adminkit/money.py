"""Amounts as people read them; of sums every currency by itself, and of how many things nobody knows the worth."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal.text.worth import Worth
from proposals.currencies import DEFAULT_CURRENCY, currency_of

__all__ = [
    "DEFAULT_CURRENCY",
    "NOTHING",
    "UNKNOWN",
    "currency_of",
    "format_amount",
    "format_money",
    "list_amounts",
    "write_amount",
    "write_currency",
    "write_unknown",
    "write_whole",
    "write_worth",
]

UNKNOWN = "—"

# Other systems tell codes, Offorte signs.
SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}
APART = " · "
NOTHING = ""


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


def write_amount(amount: Decimal, currency: str) -> str:
    """The amount with the sign of its currency, or its code; one that nobody has told is said to be unknown."""
    return _with_currency(format_amount(amount), currency)


def write_whole(amount: Decimal, currency: str) -> str:
    """The same without cents."""
    return _with_currency(number_format(round(amount), 0, use_l10n=True, force_grouping=True), currency)


def _with_currency(number: str, currency: str) -> str:
    if not currency:
        return _("%(amount)s in an unknown currency") % {"amount": number}
    return f"{SIGNS.get(currency, currency)}\u00a0{number}"


def write_currency(currency: str) -> str:
    """A currency by itself, as headings have it."""
    return SIGNS.get(currency, currency) or _("Unknown currency")


def list_amounts(worth: Worth, *, is_whole: bool = False, none: str = NOTHING) -> list[tuple[str, str]]:
    """(currency, amount in words), the greatest first; where there is nothing a dash or, for `NOTHING`, no euros."""
    write = write_whole if is_whole else write_amount
    ordered = sorted(worth.amounts.items(), key=lambda pair: (-pair[1], pair[0]))
    written = [(currency, write(amount, currency)) for currency, amount in ordered]
    return written or [("", none or write(Decimal(), DEFAULT_CURRENCY))]


def write_worth(worth: Worth, *, is_whole: bool = False) -> str:
    """All currencies, one after the other."""
    return APART.join(text for _currency, text in list_amounts(worth, is_whole=is_whole))


def write_unknown(count: int) -> str:
    """How many have no total."""
    told = number_format(count, use_l10n=True, force_grouping=True)
    return ngettext("%(count)s without a total", "%(count)s without a total", count) % {"count": told}
