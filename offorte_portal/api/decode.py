"""Reads single values as Offorte writes them into Python's types.

Each function takes any JSON value and raises UnreadableError when it can't read the value.
None, "" and false (which PHP writes for "none") give None; `decode_text` keeps "", `decode_bool` keeps false.
"""

import math
import re
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from offorte_portal.api.codes import Code
from offorte_portal.text.amounts import MACHINE_NUMBER, read_displayed
from offorte_portal.text.dates import MONTHS
from offorte_portal.text.reason import Reason, Value

# The vendor is Dutch and its dates without a zone are local (offorte-notes, "dates").
_OFFORTE_ZONE = ZoneInfo("Europe/Amsterdam")

_DISPLAY_DATE = re.compile(
    r"(?P<day>\d{1,2}) +(?P<month>[a-z]+)\.? +(?P<year>\d{4})"
    r"(?:,? +\(?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\)?)?",
    re.IGNORECASE | re.ASCII,
)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?", re.ASCII)

# Larger values are not real amounts or numbers, and the databases refuse them.
_LARGEST_AMOUNT = Decimal(10) ** 15
_LARGEST_INT = 2**63 - 1

_TRUE = frozenset({"true", "1", "yes", "on", "y", "ja"})
_FALSE = frozenset({"false", "0", "no", "off", "n", "nee"})


class UnreadableError(ValueError):
    """Raised for a value that can't be read. `reason` is its code with the value, shortened."""

    def __init__(self, code: Code, value: object) -> None:
        self.reason = Reason(code, {"value": _shown(value)})
        super().__init__(str(self.reason))


def decode_datetime(value: object) -> datetime | None:
    """Read a moment in any of Offorte's formats, in UTC; one without a zone is taken to be in Europe/Amsterdam.

    Formats: `2020-06-15 18:05:59`, `15 jun 2018 (06:49)` with Dutch or English months, and ISO 8601. MySQL's
    zero date gives None.
    """
    if _is_nothing(value):
        return None
    if isinstance(value, str):
        text = value.strip()
        if text.startswith("0000-00-00"):
            return None
        try:
            moment = datetime.fromisoformat(text) if _ISO_DATE.fullmatch(text) else _read_display_date(text)
            if moment is not None:
                return (moment if moment.tzinfo else moment.replace(tzinfo=_OFFORTE_ZONE)).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise UnreadableError(Code.UNREADABLE_DATE, value)


def decode_decimal(value: object) -> Decimal | None:
    """Read an amount or a quantity: a number, `"45521.00"` or `"€45,521.00"`.

    The module `text/amounts.py` says how text such as `"1.000"` is read.
    """
    if _is_nothing(value):
        return None
    number: Decimal | None = None
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        number = Decimal(value)
    elif isinstance(value, float) and math.isfinite(value):
        number = Decimal(repr(value))
    elif isinstance(value, str):
        number = read_displayed(value)
    if number is None or not number.is_finite() or abs(number) >= _LARGEST_AMOUNT:
        raise UnreadableError(Code.UNREADABLE_AMOUNT, value)
    return number


def decode_bool(value: object) -> bool | None:
    """Read yes or no: a JSON boolean, 1 or 0, or a word ("true", "0", "yes", …)."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    if isinstance(value, str):
        word = value.strip().lower()
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
    raise UnreadableError(Code.UNREADABLE_TRUTH, value)


def decode_int(value: object) -> int | None:
    """Read a whole number of at most 64 bits; `"12"` and `12.0` are whole, `true` and 12.5 are not."""
    if type(value) is int and -_LARGEST_INT <= value <= _LARGEST_INT:
        return value
    if _is_nothing(value):
        return None
    number: Decimal | None = None
    if isinstance(value, float) and math.isfinite(value):
        number = Decimal(value)
    elif isinstance(value, str) and len(value) < 40 and MACHINE_NUMBER.fullmatch(value.strip()):
        number = Decimal(value.strip())
    if number is None or abs(number) > _LARGEST_INT or number != int(number):
        raise UnreadableError(Code.UNREADABLE_NUMBER, value)
    return int(number)


def decode_text(value: object) -> str | None:
    """Read text unchanged and uncut; a number becomes its digits. Raises UnreadableError for lists and objects."""
    if type(value) is str:
        return value
    if value is None or value is False:
        return None
    if value is True:
        return "true"
    if isinstance(value, str | int | float | Decimal):
        return str(value)
    raise UnreadableError(Code.UNREADABLE_TEXT, value)


def decode_list(value: object) -> list[object] | None:
    """Read a list; an object (PHP's list with holes) gives its values, text its comma-separated parts."""
    if isinstance(value, list):
        return value
    if _is_nothing(value):
        return None
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    raise UnreadableError(Code.UNREADABLE_LIST, value)


def _is_nothing(value: object) -> bool:
    return value is None or value is False or (isinstance(value, str) and not value.strip())


def _shown(value: object) -> Value:
    """Describe a value for a message: shortened, and a list or an object without its content."""
    if isinstance(value, dict | list):
        return Reason(Code.AN_OBJECT if isinstance(value, dict) else Code.A_LIST)
    if isinstance(value, str):
        return repr(value if len(value) <= 40 else value[:39] + "…")
    if isinstance(value, bool):
        return str(value).lower()
    return f"{Decimal(value):.15g}" if isinstance(value, int | float | Decimal) else f"a {type(value).__name__}"


def _read_display_date(text: str) -> datetime | None:
    match = _DISPLAY_DATE.fullmatch(text)
    month = MONTHS.get(match["month"].lower()) if match else None
    if match is None or month is None:
        return None
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    return datetime(int(match["year"]), month, int(match["day"]), hour, minute, second, tzinfo=_OFFORTE_ZONE)
