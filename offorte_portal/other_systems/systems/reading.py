"""Reads answers whose fields may be missing, null, or of another type than documented."""

import re
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.other_systems.systems.answers import Raw
from offorte_portal.other_systems.systems.interface import RecordKey, Records
from offorte_portal.other_systems.systems.notes import Note
from offorte_portal.text.reason import Reason

# Stored amounts are smaller: 15 digits before the decimal point, and 4 after it.
LARGEST = Decimal(10) ** 15
STEP = Decimal("0.0001")
_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?", re.ASCII)
_NO_DATE = "0000-00-00"
_CODE = re.compile(r"[A-Z]{3}")
# The ISO codes of signs and words that stand for one currency; “kr” stands for several.
CURRENCIES = {
    "€": "EUR", "EURO": "EUR", "EUROS": "EUR", "£": "GBP", "$": "USD", "US$": "USD", "A$": "AUD", "C$": "CAD",
    "ZŁ": "PLN", "KČ": "CZK", "¥": "JPY", "₺": "TRY", "₹": "INR", "₽": "RUB", "₴": "UAH", "₪": "ILS", "FR": "CHF",
}  # fmt: skip


class Reading:
    """Reads values, and adds a note for each that is there but can't be read; `notes` are all notes of a mapper."""

    def __init__(self, zone: tzinfo = UTC) -> None:
        self.zone = zone
        self.notes: list[Note] = []

    def note(self, code: str, **values: object) -> None:
        """Add a note, unless there is the same one already."""
        kept = {name: value if isinstance(value, Reason) else str(value)[:200] for name, value in values.items()}
        noted = Note(code, kept)
        if noted not in self.notes:
            self.notes.append(noted)

    def record(self, records: Records, kind: str, external_id: str, unread: str) -> Raw:
        """Return a record; {} where it was not read, which is noted with the code `unread` ("" notes nothing)."""
        if not external_id:
            return {}
        found = records.get(RecordKey(kind, external_id))
        if isinstance(found, dict):
            return found
        if unread:
            self.note(unread, reason=found or SourceReason.NOT_READ_YET())
        return {}

    def currency(self, given: str, default: object = "") -> str:
        """Return the ISO code of a currency in any spelling, else the default, and then a note says so; else ""."""
        tokens = {CURRENCIES.get(token, token) for token in re.split(r"[\s()/.,-]+", given.upper()) if token}
        code = tokens.pop() if len(tokens) == 1 else ""
        if _CODE.fullmatch(code):
            return code
        if given.strip():
            self.note("unreadable", field="currency", value=given)
        assumed = str(default or "").strip().upper()
        if assumed:
            self.note("currency_assumed", currency=assumed)
        return assumed

    def number(self, data: Raw, name: str) -> Decimal | None:
        """Return a number, which may have come as text; None where there is none."""
        value = data.get(name)
        if value is None or value == "":
            return None
        found = to_number(value)
        if found is None:
            self.note("unreadable", field=name, value=value)
        return found

    def day(self, data: Raw, name: str) -> date | None:
        """Return the day of a date, or of a date with a time (in its own zone); None where there is none."""
        value = text(data, name)
        if not value or value.startswith(_NO_DATE):
            return None
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            self.note("unreadable", field=name, value=value)
            return None

    def moment(self, data: Raw, name: str) -> datetime | None:
        """Return a moment in UTC; None where there is none.

        One without a zone is in the system's own zone, and a date is its first moment.
        """
        value = text(data, name)
        if not value or value.startswith(_NO_DATE):
            return None
        try:
            found = datetime.fromisoformat(value)
            return (found if found.tzinfo else found.replace(tzinfo=self.zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            self.note("unreadable", field=name, value=value)
            return None


def to_number(value: object) -> Decimal | None:
    """Return the value as a number that can be stored, None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
        return None
    try:
        number = Decimal(value.strip() if isinstance(value, str) else value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < LARGEST else None


def stored(number: Decimal | None) -> Decimal | None:
    """Return the number as it is stored: with four decimals."""
    return None if number is None else number.quantize(STEP)


def text(data: Raw, *names: str) -> str:
    """Return the first of these fields that has any text or a number, as text; "" where none does."""
    for name in names:
        value = data.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return str(value)
    return ""


def child(data: Raw, name: str) -> Raw:
    """Return an object inside an object, or in a list of one; {} where there is none."""
    value = data.get(name)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, dict) else {}


def children(data: Raw, name: str) -> list[Raw]:
    """Return the objects of a list; a single object counts as a list of one."""
    value: Any = data.get(name)
    if isinstance(value, dict):
        return [value] if value else []
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def key_of(data: Raw, name: str) -> str:
    """Return the id of a related object, which may be given as an object or by its id (`account`, `account_id`)."""
    return text(child(data, name), "id") or text(data, f"{name}_id")


def join(*parts: str) -> str:
    """Return the parts that are not empty, with spaces between them."""
    return " ".join(part for part in parts if part)
