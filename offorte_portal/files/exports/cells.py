"""Values as cells that spreadsheets open without harm: no text is taken for a formula, numbers and days stay such."""

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

# Where a program that separates cells by another sign begins one: quotation marks keep it only from its own.
_SEPARATORS = r",;|\t\r\n"
_PLACE = rf"(?:^|(?<=[{_SEPARATORS}]))"
# What a spreadsheet may calculate: the signs that OWASP lists under "CSV Injection", in full width too, behind blanks
# and quotation marks too.
_FORMULA = r"""(?:['"]|[^\S\t\r\n])*[=+\-@＝＋－＠]"""
# The second is what some programs drop from the beginning of a cell.
_RISKY = re.compile(rf"{_PLACE}{_FORMULA}[^{_SEPARATORS}]*|^'*(?=[\t\r\n])")
_GUARD = re.compile(rf"{_PLACE}'(?={_FORMULA})|^'(?='*[\t\r\n])")
# What nothing can be calculated of: "€ 25,- per stuk", a list with a dash at each line, a sign alone.
_DASH = re.compile(r"-{1,2}[^\W\d_]*(?:[ .][^\W\d_]*)*|[=+@＝＋－＠]")
_BEFORE_DASH = re.compile(r"(?:\d,|[\r\n])$")
# A number in international form, and one that could be a sum as well.
_PHONE = re.compile(r"\+\d[\d .()/-]*\d", re.ASCII)
_SUM = re.compile(r"\+[\d.]+( *[/-] *[\d.]+)+", re.ASCII)


def separators() -> tuple[str, str]:
    """What stands between the cells of a CSV and in its decimals, as Excel reads it in the person's language.

    Excel takes both from the computer: where decimals have a comma, cells are told apart by semicolons.
    """
    return (";", ",") if (get_language() or "").startswith("nl") else (",", ".")


def write_cell(value: object, decimal_point: str = ".") -> object:
    """The value as a cell of a CSV: moments in the portal's time zone, numbers as they are, text that is text."""
    match value:
        case None:
            return ""
        case bool() | int():
            return value
        case Decimal():
            return write_decimal(value).replace(".", decimal_point)
        case datetime():
            return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
        case date():
            return value.isoformat()
    return _RISKY.sub(_guard, str(value))


def remove_guards(text: str) -> str:
    """The text without the apostrophes that `write_cell` has put into it."""
    return _GUARD.sub("", text)


def _guard(match: re.Match[str]) -> str:
    """A piece of text with an apostrophe before it, unless it is harmless or one begins the text.

    One of its own gets another, or that would be removed as ours.
    """
    piece, start = match[0], match.start()
    if is_phone_number(piece.strip()):
        return piece
    if _DASH.fullmatch(piece) and _BEFORE_DASH.search(match.string, max(0, start - 2), start):
        return piece
    is_behind_guard = start and piece and not match.string[:start].strip("\r\n")
    return piece if is_behind_guard and not piece.startswith("'") else f"'{piece}"


def is_phone_number(text: str) -> bool:
    """Whether the text can only be a phone number: `+31 76 123 45 67`, but not `+31-76-1234567`, which is a sum too."""
    if not _PHONE.fullmatch(text) or not 7 <= sum(character.isdigit() for character in text) <= 15:
        return False
    return not _SUM.fullmatch(text)


def write_decimal(value: Decimal) -> str:
    """The number with two decimals, or with as many more as it needs, and never as a power of ten."""
    decimals = max(2, -int(value.normalize().as_tuple().exponent))
    return f"{value:.{decimals}f}"


def yes_or_no(value: bool | None) -> str | None:
    """A flag in words; nothing where it is not known."""
    if value is None:
        return None
    return _("Yes") if value else _("No")
