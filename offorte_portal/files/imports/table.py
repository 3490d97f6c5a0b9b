"""Tables that are read from files: names of columns, rows of text, and errors."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from offorte_portal.files.reasons import ImportReason
from offorte_portal.runs.reasons import RunReason
from offorte_portal.text.reason import Reason

MOST_ROWS = 10_000
MOST_COLUMNS = 200
# Empty lines are read and counted as well.
MOST_LINES = 200_000
MOST_BYTES = 10 * 1024 * 1024
# What rows and columns are marked with.
HIDDEN, TOTAL, EMPTY = "hidden", "total", "empty"


class TableError(Exception):
    """The file can't be imported; `reason` says why and what to do."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: `number` is its number in a spreadsheet; in a `Table` there are as many `cells` as columns.

    `problem` says why its cells can't be trusted, None where they can. `mark` says why the row is left out unless a
    person takes it: `HIDDEN` or `TOTAL`.
    """

    number: int
    cells: list[str]
    problem: Reason | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class RawTable:
    """The rows of a file before its header is found, and what to know of how they were read.

    `hidden` are the indexes of columns that a spreadsheet does not show; `links` are the e-mail addresses that cells
    link to, by row number and index.
    """

    rows: Iterable[TableRow]
    notes: list[Reason] = field(default_factory=list)
    hidden: frozenset[int] = frozenset()
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with different names of columns and at least one row; `notes` say what a person should check.

    `column_marks` are the columns that are `HIDDEN` or `EMPTY`.
    """

    header: list[str]
    rows: list[TableRow]
    notes: list[Reason] = field(default_factory=list)
    column_marks: dict[str, str] = field(default_factory=dict)


def column_letter(index: int) -> str:
    """Return what a spreadsheet calls the column with this index: A for 0."""
    letters = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        letters, index = chr(65 + rest) + letters, index - 1
    return letters


def too_many(count: int) -> TableError:
    """Return the error for a file with `count` rows, which is more than can be imported."""
    return TableError(
        ImportReason.TOO_MANY_ROWS(count=RunReason.NUMBER(value=count), most=RunReason.NUMBER(value=MOST_ROWS))
    )


def too_many_lines() -> TableError:
    """Return the error for a file with more lines than are read, empty ones included."""
    return TableError(ImportReason.TOO_MANY_LINES(most=RunReason.NUMBER(value=MOST_LINES)))


def too_many_columns() -> TableError:
    """Return the error for a file with more columns than can be imported."""
    return TableError(ImportReason.TOO_MANY_COLUMNS(most=MOST_COLUMNS))
