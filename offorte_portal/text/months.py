"""Months, each by its first day."""

from datetime import date


def months_back(month: date, count: int) -> date:
    """Return the first day of the month `count` months earlier; a negative count goes forward."""
    year, number = divmod(month.year * 12 + month.month - 1 - count, 12)
    return date(year, number + 1, 1)
