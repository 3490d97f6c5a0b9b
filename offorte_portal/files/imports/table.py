"""A table as it was read from a file: names of columns, rows of text, and what is wrong with it, in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.formats import number_format
from django.utils.translation import gettext as _

MOST_ROWS = 10_000
MOST_COLUMNS = 200
# Lines that hold nothing are read, too.
MOST_LINES = 200_000
MOST_BYTES = 10 * 1024 * 1024


class TableError(Exception):
    """The file can't be taken; the message says why and what to do, in the reader's language."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: `number` counts as a spreadsheet does, `cells` are as many as there are columns.

    `problem` says why its cells can't be relied on, "" where they can.
    """

    number: int
    cells: list[str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Columns with different names and at least one row; `notes` tell what a person should look at."""

    header: list[str]
    rows: list[TableRow]
    notes: list[str] = field(default_factory=list)


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
    numbers = {"count": written(count), "most": written(MOST_ROWS)}
    return TableError(_("The file has %(count)s rows; at most %(most)s at once: split it.") % numbers)


def too_many_lines() -> TableError:
    """The refusal of a file with more lines than are looked at, empty ones included."""
    return TableError(_("The file has more than %s lines. Save only the table that is needed.") % written(MOST_LINES))


def too_many_columns() -> TableError:
    """The refusal of a file with more columns than are taken."""
    return TableError(_("The file has more than %d columns: leave out those that are not needed.") % MOST_COLUMNS)


def written(number: int) -> str:
    """A whole number as people write it."""
    return number_format(number, use_l10n=True, force_grouping=True)


def fold(name: str) -> str:
    """The name of a column without case, blanks and what people put around it: "E-mail *" is "email"."""
    return "".join(character for character in name.casefold() if character.isalnum())
