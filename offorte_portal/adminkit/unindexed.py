"""Makes SQLite read a list along the index of its order, and not along that of a filter.

SQLite knows little about how many rows have a value, so it uses the index of any column that a filter compares, reads
half the table by it and sorts that. Where many rows match, the index of the list's order fills a page after a few rows.
PostgreSQL keeps statistics and decides for itself.
"""

from copy import copy
from typing import Any, TypeVar

from django.db import connection as database
from django.db.models import DecimalField, Func, Lookup, QuerySet
from django.db.models.expressions import Col
from django.db.models.lookups import IsNull

from offorte_portal.mirror.models.sorting import Unindexed

Found = TypeVar("Found", bound=QuerySet[Any])


class UnindexedDecimal(Func):
    """A decimal column as a number: with a unary plus instead, it would not be compared with a number given as text."""

    template = "CAST(%(expressions)s AS NUMERIC)"


def bar_indexes(queryset: Found) -> Found:
    """Return the same rows in the same order, read along the index of that order."""
    if database.vendor != "sqlite":
        return queryset
    barred = queryset.all()
    barred.query.where = _bar(barred.query.where)
    return barred


def _bar(condition: Any) -> Any:
    """Wrap every compared column of a condition, except in IS NULL, for which the lists' indexes are made."""
    barred = copy(condition)
    if isinstance(condition, Lookup):
        if isinstance(condition.lhs, Col) and not isinstance(condition, IsNull):
            wrapper = UnindexedDecimal if isinstance(condition.lhs.target, DecimalField) else Unindexed
            barred.lhs = wrapper(condition.lhs, output_field=condition.lhs.output_field)
    elif hasattr(condition, "children"):
        barred.children = [_bar(child) for child in condition.children]
    return barred
