"""Months, each by its first day, and periods of whole months."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

# Of what is written as year and month.
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1900, 2199


def months_back(month: date, count: int) -> date:
    """Return the first day of the month `count` months earlier; a negative count goes forward."""
    year, number = divmod(month.year * 12 + month.month - 1 - count, 12)
    return date(year, number + 1, 1)


def read_month(text: str) -> date | None:
    """Return the month written as 2026-03; None for anything else."""
    match = _MONTH.fullmatch(text)
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR or not 1 <= int(match[2]) <= 12:
        return None
    return date(int(match[1]), int(match[2]), 1)


def write_month(month: date) -> str:
    """Write a month as `read_month` reads it."""
    return f"{month:%Y-%m}"


@dataclass(frozen=True)
class Period:
    """Whole months from `first` to `last`, both by their first days."""

    first: date
    last: date

    @property
    def count(self) -> int:
        """The number of months."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def months(self) -> list[date]:
        """The first day of each month."""
        return [months_back(self.first, -number) for number in range(self.count)]

    @property
    def last_day(self) -> date:
        """The last day of the last month."""
        return months_back(self.last, -1) - timedelta(days=1)

    def back(self, count: int) -> "Period":
        """Return the period as long as this one that lies `count` months earlier."""
        return Period(months_back(self.first, count), months_back(self.last, count))

    @classmethod
    def until(cls, last: date, count: int) -> "Period":
        """Return the `count` months that end with the month of `last`."""
        month = last.replace(day=1)
        return cls(months_back(month, count - 1), month)
