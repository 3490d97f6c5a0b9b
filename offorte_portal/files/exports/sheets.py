"""What a list is as a table of a file: its columns, and how its rows are read.

Each room declares those of its lists in its `sheets` and registers them here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

Value = str | int | Decimal | datetime | date | None


class ColumnKind(Enum):
    """What a column holds: how wide it is, and how a spreadsheet shows it."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    MONEY = "money"
    MOMENT = "moment"
    DAY = "day"


@dataclass(frozen=True)
class Column:
    """A column of a file.

    `reads` are the columns, relations included, that `value` asks a row for; `cell` is the cell of the list that shows
    it, "" for none: then the column is among "all columns" only.
    """

    name: str
    label: str | Promise
    value: Callable[[Any], Value]
    kind: ColumnKind = ColumnKind.TEXT
    reads: tuple[str, ...] = ()
    cell: str = ""


@dataclass(frozen=True)
class Sheet:
    """The table that a list becomes; `counts` adds to the rows what is counted for them."""

    model: type[Model]
    columns: tuple[Column, ...]
    counts: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows

    @property
    def name(self) -> str:
        """What it is registered as, and what its model's permissions are about."""
        return self.model._meta.label_lower

    @property
    def view_permission(self) -> str:
        """Who holds this may look at the list, and so export it."""
        return f"{self.model._meta.app_label}.view_{self.model._meta.model_name}"

    def shown(self) -> list[Column]:
        """The columns that the list shows."""
        return [column for column in self.columns if column.cell]

    def choose(self, names: Sequence[str]) -> list[Column]:
        """The columns of these names that there still are, in the sheet's order."""
        return [column for column in self.columns if column.name in set(names)]

    def read(self, keys: Sequence[int], columns: Sequence[Column]) -> Iterator[list[Value]]:
        """The cells of these rows in the order of the keys, with one query; rows that are gone are left out."""
        reads = {name for column in columns for name in column.reads}
        related = {name.rpartition("__")[0] for name in reads if "__" in name}
        rows: QuerySet[Any] = self.counts(self.model._default_manager.filter(pk__in=keys).order_by())
        if related:
            rows = rows.select_related(*sorted(related))
        found = rows.only("pk", *sorted(reads)).in_bulk()
        for key in keys:
            if key in found:
                yield [column.value(found[key]) for column in columns]


SHEETS: dict[str, Sheet] = {}


def register(*sheets: Sheet) -> None:
    """Make lists exportable."""
    SHEETS.update((sheet.name, sheet) for sheet in sheets)


def extend(name: str, *columns: Column, after: str) -> None:
    """Give another room's sheet more columns, behind one that it has."""
    sheet = SHEETS[name]
    at = [column.name for column in sheet.columns].index(after) + 1
    SHEETS[name] = replace(sheet, columns=(*sheet.columns[:at], *columns, *sheet.columns[at:]))


def find(name: str) -> Sheet | None:
    """The sheet of a list; None where the list can't be exported."""
    return SHEETS.get(name)
