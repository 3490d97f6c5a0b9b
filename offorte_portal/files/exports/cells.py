"""Makes cells that spreadsheets open safely: no text is taken for a formula; numbers and dates keep their types."""

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

# A program may begin a cell after any of these. Quotation marks only protect from the separator that it expects.
_SEPARATORS = r",;|\t\r\n"
_PLACE = rf"(?:^|(?<=[{_SEPARATORS}]))"
# The beginning of what a spreadsheet may calculate: the characters that OWASP lists under "CSV Injection", also in full
# width and in small, and also after blanks, quotation marks and characters that are not shown.
_UNSEEN = "\\x00-\\x08\\x0e-\\x1b\\xad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\ufeff"
_SIGNS = "=+@＝＋－＠﹦﹢﹣﹫−"
_FORMULA = rf"""(?:['"]|[^\S\t\r\n]|[{_UNSEEN}])*[\-{_SIGNS}]"""
# The second alternative is for characters that some programs drop from the beginning of a cell.
_RISKY = re.compile(rf"{_PLACE}{_FORMULA}[^{_SEPARATORS}]*|^'*(?=[\t\r\n])")
_GUARD = re.compile(rf"{_PLACE}'(?={_FORMULA})|^'(?='*[\t\r\n])")
# Text that can't be calculated: "€ 25,- per stuk", a list with a dash on each line, a single sign.
_DASH = re.compile(rf"-{{1,2}}[^\W\d_]*(?:[ .][^\W\d_]*)*|[{_SIGNS}]")
_BEFORE_DASH = re.compile(r"(?:\d,|[\r\n])$")
# A phone number in international form, with blanks of any width, and one that could also be a sum.
_PHONE = re.compile(r"\+\d[\d .()/\u00a0\u2009\u202f-]*\d", re.ASCII)
_NEXT_PHONE = re.compile(r" / (?=\+)")
_SUM = re.compile(r"\+[\d.]+([ \u00a0\u2009\u202f]*[/-][ \u00a0\u2009\u202f]*[\d.]+)+", re.ASCII)


def separators() -> tuple[str, str]:
    """Return the delimiter and the decimal sign of a CSV, as Excel expects them in the active language.

    Excel takes both from the computer's settings: where the decimal sign is a comma, the delimiter is a semicolon.
    """
    return (";", ",") if (get_language() or "").startswith("nl") else (",", ".")


def write_cell(value: object, decimal_point: str = ".") -> object:
    """Return the value as a cell of a CSV: moments in the portal's time zone, text with guards against formulas."""
    match value:
        case None:
            return ""
        case bool() | int():
            return value
        case Decimal():
            # Two decimals or as many more as it needs, and no exponent. Three could be taken for thousands.
            decimals = max(2, -int(value.normalize().as_tuple().exponent))
            decimals += decimals == 3
            return f"{value:.{decimals}f}".replace(".", decimal_point)
        case datetime():
            return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
        case date():
            return value.isoformat()
    return _RISKY.sub(_guard, str(value))


def remove_guards(text: str) -> str:
    """Return the text without the apostrophes that `write_cell` has added."""
    return _GUARD.sub("", text)


def _guard(match: re.Match[str]) -> str:
    """Return a risky piece of text with an apostrophe before it, unless it is harmless or the text begins with one.

    A piece with an apostrophe of its own gets another, because `remove_guards` would remove its own.
    """
    piece, start = match[0], match.start()
    if are_phone_numbers(piece.strip()):
        return piece
    if _DASH.fullmatch(piece) and _BEFORE_DASH.search(match.string, max(0, start - 2), start):
        return piece
    is_behind_guard = start and piece and not match.string[:start].strip("\r\n")
    return piece if is_behind_guard and not piece.startswith("'") else f"'{piece}"


def are_phone_numbers(text: str) -> bool:
    """Return whether the text is a phone number, or several with blanks: `+31 76 1234567 / +31 6 12345678`."""
    numbers = _NEXT_PHONE.split(text)
    return all(map(is_phone_number, numbers)) and (len(numbers) == 1 or all(" " in number for number in numbers))


def is_phone_number(text: str) -> bool:
    """Return whether the text is a phone number and no sum: `+31 76 123 45 67`, but not `+31-76-1234567`."""
    if not _PHONE.fullmatch(text) or not 7 <= sum(character.isdigit() for character in text) <= 15:
        return False
    return not _SUM.fullmatch(text)


def yes_or_no(value: bool | None) -> str | None:
    """Return a flag in words; None where it is unknown."""
    if value is None:
        return None
    return _("Yes") if value else _("No")
