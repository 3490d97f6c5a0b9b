"""Sheets: the columns of a list that can be exported, and how its rows are read.

Each room declares the sheets of its lists in its `sheets` module and registers them here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Self

from django.contrib.auth.models import User
from django.db.models import Model, Prefetch, QuerySet
from django.utils.functional import Promise

Value = str | int | Decimal | datetime | date | None


class ColumnKind(Enum):
    """The type of a column's values, which decides its width and number format in a spreadsheet."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    MONEY = "money"
    MOMENT = "moment"
    DAY = "day"


@dataclass(frozen=True)
class Column:
    """A column of a file.

    `reads` are the fields, also of relations, that `value` reads from a row. `cell` is the cell of the list that shows
    the value; a column without one ("") is exported with "all columns" only. `prefetch` are rows of other tables that
    `value` reads. With a `permission` it is only for people who hold that.
    """

    name: str
    label: str | Promise
    value: Callable[[Any], Value]
    kind: ColumnKind = ColumnKind.TEXT
    reads: tuple[str, ...] = ()
    cell: str = ""
    prefetch: Callable[[], Prefetch[Any]] | None = None
    permission: str = ""


@dataclass(frozen=True)
class Sheet:
    """A list that can be exported; `counts` annotates its rows with the counts that columns show."""

    model: type[Model]
    columns: tuple[Column, ...]
    counts: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows

    @property
    def name(self) -> str:
        """The name that the sheet is registered under: the label of its model."""
        return self.model._meta.label_lower

    @property
    def view_permission(self) -> str:
        """The permission to see the list, and so to export it."""
        return f"{self.model._meta.app_label}.view_{self.model._meta.model_name}"

    def seen_by(self, user: User) -> Self:
        """Return the sheet without the columns that this person may not see."""
        columns = [column for column in self.columns if not column.permission or user.has_perm(column.permission)]
        return replace(self, columns=tuple(columns))

    def shown(self, cells: Sequence[str]) -> list[Column]:
        """Return the columns whose values these cells of the list show, in the order of the cells."""
        found = [column for column in self.columns if column.cell in cells]
        return sorted(found, key=lambda column: cells.index(column.cell))

    def choose(self, names: Sequence[str]) -> list[Column]:
        """Return the columns with these names that still exist, in this order."""
        known = {column.name: column for column in self.columns}
        return [known[name] for name in names if name in known]

    def read(self, keys: Sequence[int], columns: Sequence[Column]) -> Iterator[list[Value]]:
        """Yield the cells of these rows in the order of the keys, with few queries; leave out rows that are gone."""
        reads = {name for column in columns for name in column.reads}
        related = {name.rpartition("__")[0] for name in reads if "__" in name}
        rows: QuerySet[Any] = self.counts(self.model._default_manager.filter(pk__in=keys).order_by())
        if related:
            rows = rows.select_related(*sorted(related))
        rows = rows.prefetch_related(*(make() for make in {column.prefetch for column in columns} if make))
        found = rows.only("pk", *sorted(reads)).in_bulk()
        for key in keys:
            if key in found:
                yield [column.value(found[key]) for column in columns]


SHEETS: dict[str, Sheet] = {}


def register(*sheets: Sheet) -> None:
    """Register sheets, so that their lists can be exported."""
    SHEETS.update((sheet.name, sheet) for sheet in sheets)


def extend(name: str, *columns: Column, after: str) -> None:
    """Add columns to another room's sheet, behind the column called `after`."""
    sheet = SHEETS[name]
    at = [column.name for column in sheet.columns].index(after) + 1
    SHEETS[name] = replace(sheet, columns=(*sheet.columns[:at], *columns, *sheet.columns[at:]))


def find(name: str) -> Sheet | None:
    """Return the sheet of a list; None where the list can't be exported."""
    return SHEETS.get(name)
