"""Values as cells that spreadsheets open without harm: no text is taken for a formula, numbers and days stay such."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

# What a spreadsheet calculates when a cell begins with it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_decimal(value: Decimal) -> str:
    """The number with two decimals, or with as many more as it needs, and never as a power of ten."""
    decimals = max(2, -int(value.normalize().as_tuple().exponent))
    return f"{value:.{decimals}f}"


def yes_or_no(value: bool | None) -> str | None:
    """A flag in words; nothing where it is not known."""
    if value is None:
        return None
    return _("Yes") if value else _("No")
