"""A table as it was read from a file: names of columns, rows of text, and what is wrong with it, in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from offorte_portal.files.reasons import ImportReason
from offorte_portal.runs.reasons import RunReason
from offorte_portal.text.reason import Reason

MOST_ROWS = 10_000
MOST_COLUMNS = 200
# Lines that hold nothing are read, too.
MOST_LINES = 200_000
MOST_BYTES = 10 * 1024 * 1024


class TableError(Exception):
    """The file can't be taken; `reason` says why and what to do."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: `number` counts as a spreadsheet does, `cells` are as many as there are columns.

    `problem` says why its cells can't be relied on, None where they can.
    """

    number: int
    cells: list[str]
    problem: Reason | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Columns with different names and at least one row; `notes` tell what a person should look at."""

    header: list[str]
    rows: list[TableRow]
    notes: list[Reason] = field(default_factory=list)


def is_empty(cells: Sequence[str]) -> bool:
    """Whether nothing is written in a row."""
    return not any(cell.strip() for cell in cells)


def column_letter(index: int) -> str:
    """What a spreadsheet calls a column: A for the first one."""
    letters = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        letters, index = chr(65 + rest) + letters, index - 1
    return letters


def too_many(count: int) -> TableError:
    """The refusal of a file with more rows than are taken."""
    return TableError(
        ImportReason.TOO_MANY_ROWS(count=RunReason.NUMBER(value=count), most=RunReason.NUMBER(value=MOST_ROWS))
    )


def too_many_lines() -> TableError:
    """The refusal of a file with more lines than are looked at, empty ones included."""
    return TableError(ImportReason.TOO_MANY_LINES(most=RunReason.NUMBER(value=MOST_LINES)))


def too_many_columns() -> TableError:
    """The refusal of a file with more columns than are taken."""
    return TableError(ImportReason.TOO_MANY_COLUMNS(most=MOST_COLUMNS))


def fold(name: str) -> str:
    """The name of a column without case, blanks and what people put around it: "E-mail *" is "email"."""
    return "".join(character for character in name.casefold() if character.isalnum())
