"""Months, each by its first day."""

from datetime import date


def months_back(month: date, count: int) -> date:
    """The first day of the month so many months before."""
    year, number = divmod(month.year * 12 + month.month - 1 - count, 12)
    return date(year, number + 1, 1)
