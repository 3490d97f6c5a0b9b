"""Reading a list in its order: no filter may tempt SQLite to another index.

SQLite knows little of how many rows a value has, so it takes the index of any column that a filter compares, reads half
the table by it and sorts that. Where many rows are known to be found, the index of the list's order fills a page after
a few. PostgreSQL keeps statistics and decides for itself.
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
    """The column as the number that it is: behind a plus sign it would not be compared with a number in text."""

    template = "CAST(%(expressions)s AS NUMERIC)"


def bar_indexes(queryset: Found) -> Found:
    """The same rows in the same order, read along the index of that order."""
    if database.vendor != "sqlite":
        return queryset
    barred = queryset.all()
    barred.query.where = _bar(barred.query.where)
    return barred


def _bar(condition: Any) -> Any:
    """The condition with every compared column wrapped; IS NULL is what the lists' indexes are made for."""
    barred = copy(condition)
    if isinstance(condition, Lookup):
        if isinstance(condition.lhs, Col) and not isinstance(condition, IsNull):
            wrapper = UnindexedDecimal if isinstance(condition.lhs.target, DecimalField) else Unindexed
            barred.lhs = wrapper(condition.lhs, output_field=condition.lhs.output_field)
    elif hasattr(condition, "children"):
        barred.children = [_bar(child) for child in condition.children]
    return barred
