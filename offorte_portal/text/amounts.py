"""Amounts as text: as people write them in their language, and as machines write them.

Most forms can be read in one way only: `1.234,50` and `1,234.50` are the same amount in any language, `1.234.567` can
only have thousands, `1.000,-` only whole euros, `0,500` and `12,5` only decimals. One form has two meanings: one to
three digits, a dot or a comma, and exactly three digits. `read_amount` decides it by the language of the person who
wrote it: `1.000` is a thousand to a Dutch reader and one to an English reader, `1,000` the other way round.

`read_displayed` reads what Offorte sends. A bare number with one dot is what machines write, so its dot is a decimal
point: `"1.000"` is one. In a display string (a currency, a comma or several separators) the form with two meanings has
thousands: `"€ 1.000"` and `"$1,000"` are a thousand.

The script of the composer reads what is typed there by the same rule (`compose/static/compose/js/compose_totals.js`);
`tests/text/amount_cases.py` holds both to it.
"""

import re
from decimal import Decimal

from offorte_portal.text.languages import decimal_sign

LONGEST = 60
MACHINE_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?", re.IGNORECASE | re.ASCII)

_CURRENCY = r"(?:[^\W\d_]{0,3}[$€£¥₺₹₽₩₪₴₫฿¢]|[^\W\d_]{1,3}\.?)"
_DISPLAYED = re.compile(
    rf"(?P<minus>-)?(?P<before>{_CURRENCY})?(?P<inner_minus>-)?"
    r"(?P<number>[0-9][0-9.,']*?)(?P<whole>[.,]-{1,2})?"
    rf"(?P<trailing_minus>-)?(?P<after>{_CURRENCY})?",
)
# People's currencies are known ones, so that "12 kg" and "5 pm" are no amounts.
_KNOWN = (
    r"(?:[a-z]{0,3}[$€£¥₺₹₽₩₪₴₫฿¢]"
    r"|euros?|eur|usd|gbp|chf|sek|nok|dkk|isk|pln|czk|huf|ron|bgn|try|cad|aud|jpy|kr\.?|fr\.?|zł|kč|ft|lei|tl)"
)
_WRITTEN = re.compile(
    rf"(?P<minus>[+-])?(?P<before>{_KNOWN})?(?P<inner_minus>[+-])?"
    r"(?P<number>[0-9][0-9.,']*?|[.,][0-9]+)(?P<whole>[.,](?:--?|=))?(?P<trailing_minus>-)?"
    rf"(?P<scale>k|mln\.?|mio\.?)?(?P<after>{_KNOWN})?",
    re.IGNORECASE,
)
_SCALES = {"k": 1_000, "mln": 1_000_000, "mio": 1_000_000}
_GROUPED = re.compile(r"[1-9]\d{0,2}(?P<separator>[.,'])\d{3}(?:(?P=separator)\d{3})*", re.ASCII)
_SPACE_IN_NUMBER = re.compile(r"(?<=[0-9])\s(?=[0-9])")
_PERCENT = re.compile(r"(.*?)\s*(?:%|procent|percent|pct\.?)", re.IGNORECASE | re.DOTALL)
# Web pages put marks into numbers that nobody sees; all dashes are minus signs, all apostrophes separate thousands.
_INVISIBLE = dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF])
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ′`´"), "'")
_SIGNS = _INVISIBLE | _DASHES | _APOSTROPHES


def read_amount(text: str, language: str) -> Decimal | None:
    """Read an amount that a person wrote in this language (a code such as "nl"); None where it is none.

    It may have a currency, spaces or apostrophes between thousands, a minus sign on either side or brackets for one,
    `,-` for whole euros, and k or mln for thousands or millions.
    """
    compact = _compact(text)
    is_bracketed = compact.startswith("(") and compact.endswith(")")
    if is_bracketed:
        compact = compact[1:-1]
    match = _WRITTEN.fullmatch(compact.removeprefix("-/") if compact.startswith("-/-") else compact)
    if match is None or (match["before"] and match["after"]):
        return None
    digits = _plain_digits(match["number"], decimal_sign(language), is_whole=bool(match["whole"]))
    signs = [match[place] for place in ("minus", "inner_minus", "trailing_minus") if match[place]]
    if digits is None or len(signs) + is_bracketed > 1:
        return None
    amount = Decimal(digits) * _SCALES.get((match["scale"] or "").lower().rstrip("."), 1)
    return -amount if is_bracketed or signs == ["-"] else amount


def read_percentage(text: str, language: str) -> Decimal | None:
    """Read a percentage that a person wrote in this language, with or without its sign; None where it is none."""
    match = _PERCENT.fullmatch(text.strip())
    return read_amount(match[1] if match else text, language)


def read_displayed(text: str) -> Decimal | None:
    """Read a numeric or a display string of a machine by the rule of this module; None where it is neither."""
    compact = _compact(text)
    if MACHINE_NUMBER.fullmatch(compact):
        return Decimal(compact)
    match = _DISPLAYED.fullmatch(compact)
    if match is None or (match["before"] and match["after"]):
        return None
    digits = _plain_digits(match["number"], "")
    minuses = [match[place] for place in ("minus", "inner_minus", "trailing_minus") if match[place]]
    if digits is None or len(minuses) > 1:
        return None
    return -Decimal(digits) if minuses else Decimal(digits)


def _compact(text: str) -> str:
    """Return the text without blanks, those between digits as apostrophes; "" for one that is too long to be read."""
    if len(text) > LONGEST:
        return ""
    return "".join(_SPACE_IN_NUMBER.sub("'", text.translate(_SIGNS).strip()).split())


def _plain_digits(number: str, decimal: str, *, is_whole: bool = False) -> str | None:
    """Turn grouped digits into plain ones with a decimal point; None where the groups make no sense.

    `decimal` decides the form with two meanings; where it is neither, that form has thousands. A number that `is_whole`
    has no decimals.
    """
    grouped = _GROUPED.fullmatch(number)
    if grouped and (is_whole or grouped["separator"] != decimal or number.count(decimal) > 1):
        return re.sub(r"\D", "", number)
    whole, _, decimals = number.replace(",", ".").rpartition(".")
    whole = number[: len(whole)]
    if not decimals.isdecimal() or (is_whole and decimals != number):
        return None
    if whole and not whole.isdecimal():
        # The decimal separator can't also be the grouping separator: 1.234.56 is no amount.
        if not _GROUPED.fullmatch(whole) or number[len(whole)] in whole:
            return None
        whole = re.sub(r"\D", "", whole)
    return decimals if decimals == number else f"{whole or 0}.{decimals}"
