"""Amounts as text, as machines and as people write them.

A bare number with one dot is what machines write, so its dot is a decimal point: `"1.000"` is one. In a display
string (a currency, a comma or several separators) the last separator is the decimal one, unless it is the
only kind there is and groups of exactly three digits follow it: `"€ 1.000"` and `"$1,000"` are a thousand,
`"€ 1000,00"` and `"€1.000,00"` too, `"€ 0,500"` is a half.
"""

import re
from decimal import Decimal

MACHINE_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?", re.IGNORECASE | re.ASCII)
_CURRENCY = r"(?:[^\W\d_]{0,3}[$€£¥₺₹₽₩₪₴₫฿¢]|[^\W\d_]{1,3}\.?)"
_DISPLAY_AMOUNT = re.compile(
    rf"(?P<minus>-)?(?P<before>{_CURRENCY})?(?P<inner_minus>-)?"
    r"(?P<number>[0-9][0-9.,']*?)(?:[.,]-{1,2})?"
    rf"(?P<trailing_minus>-)?(?P<after>{_CURRENCY})?",
)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?P<separator>[.,'])\d{3}(?:(?P=separator)\d{3})*", re.ASCII)
_SPACE_IN_NUMBER = re.compile(r"(?<=[0-9])\s(?=[0-9])")


def read_amount(text: str) -> Decimal | None:
    """Read a numeric or a display string by the rule of this module; None where it is neither."""
    if len(text) > 60:
        return None
    text = text.strip().replace("\N{MINUS SIGN}", "-").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    compact = "".join(_SPACE_IN_NUMBER.sub("'", text).split())
    if MACHINE_NUMBER.fullmatch(compact):
        return Decimal(compact)
    match = _DISPLAY_AMOUNT.fullmatch(compact)
    if match is None or (match["before"] and match["after"]):
        return None
    digits = _plain_digits(match["number"])
    if digits is None:
        return None
    minuses = [match[place] for place in ("minus", "inner_minus", "trailing_minus") if match[place]]
    if len(minuses) > 1:
        return None
    return -Decimal(digits) if minuses else Decimal(digits)


def _plain_digits(number: str) -> str | None:
    """Turn grouped digits into plain ones with a decimal point; None where the groups make no sense."""
    if _GROUPED.fullmatch(number):
        return re.sub(r"\D", "", number)
    whole, _, decimals = number.replace(",", ".").rpartition(".")
    whole = number[: len(whole)]
    if not whole:
        return decimals if decimals.isdecimal() else None
    if not decimals.isdecimal():
        return None
    if not whole.isdecimal():
        # The decimal separator can't also be the grouping separator: 1.234.56 is no amount.
        if not _GROUPED.fullmatch(whole) or number[len(whole)] in whole:
            return None
        whole = re.sub(r"\D", "", whole)
    return f"{whole}.{decimals}"
