"""Reads answers whose fields may be missing, null, or of another type than documented."""

import re
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from offorte_portal.other_systems.systems.answers import Raw
from offorte_portal.other_systems.systems.notes import Note

# Stored amounts are smaller: 15 digits before the decimal point, and 4 after it.
LARGEST = Decimal(10) ** 15
STEP = Decimal("0.0001")
_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?", re.ASCII)
_NO_DATE = "0000-00-00"


class Reading:
    """Reads values, and adds a note for each that is there but can't be read; `notes` are all notes of a mapper."""

    def __init__(self, zone: tzinfo = UTC) -> None:
        self.zone = zone
        self.notes: list[Note] = []

    def note(self, code: str, **values: object) -> None:
        """Add a note, unless there is the same one already."""
        noted = Note(code, {name: str(value)[:200] for name, value in values.items()})
        if noted not in self.notes:
            self.notes.append(noted)

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
