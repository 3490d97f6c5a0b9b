"""Writes files row by row, so that memory use does not grow with the number of rows."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any, Protocol

from django.utils import timezone
from django.utils.text import capfirst
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from offorte_portal.files.exports.cells import separators, write_cell
from offorte_portal.files.exports.sheets import Column, ColumnKind, Value
from offorte_portal.files.models import Export

WIDTHS = {
    ColumnKind.TEXT: 24,
    ColumnKind.LONG: 48,
    ColumnKind.NUMBER: 12,
    ColumnKind.MONEY: 14,
    ColumnKind.MOMENT: 18,
    ColumnKind.DAY: 12,
}
NUMBER_FORMATS = {ColumnKind.MONEY: "#,##0.00##", ColumnKind.MOMENT: "yyyy-mm-dd hh:mm", ColumnKind.DAY: "yyyy-mm-dd"}
# The limits of a sheet and of a cell.
SHEET_ROWS = 1_048_576
CELL_CHARACTERS = 32_767
# The first characters of text that openpyxl would take for a formula or an error.
_SPECIAL = ("=", "#")


class Writer(Protocol):
    """Writes rows to a file."""

    def write(self, rows: Iterable[Sequence[Value]]) -> int:
        """Add the rows; return how many there were."""


@contextmanager
def open_writer(format: str, file: IO[bytes], columns: Sequence[Column], title: str) -> Iterator[Writer]:
    """Yield a writer of a file in this format that has its headings; the file is complete when the block ends.

    Headings and separators are those of the active language.
    """
    writer = XlsxWriter(columns, title) if format == Export.Format.XLSX else CsvWriter(file, columns)
    yield writer
    writer.close(file)


class CsvWriter:
    """Writes CSV that Excel can read, with a byte order mark."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column]) -> None:
        separator, self._decimal_point = separators()
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
        self._writer = csv.writer(self._text, delimiter=separator)
        self._writer.writerow([write_cell(heading(column)) for column in columns])

    def write(self, rows: Iterable[Sequence[Value]]) -> int:
        """Add the rows; return how many there were."""
        lines = [[write_cell(cell, self._decimal_point) for cell in row] for row in rows]
        self._writer.writerows(lines)
        return len(lines)

    def close(self, file: IO[bytes]) -> None:
        """Detach from the file without closing it."""
        self._text.detach()


class XlsxWriter:
    """Writes a workbook in which text, numbers and dates keep their types."""

    def __init__(self, columns: Sequence[Column], title: str) -> None:
        self._columns, self._title = columns, title
        self._book = Workbook(write_only=True)
        self._begin_sheet()

    def _begin_sheet(self) -> None:
        self._sheet: Any = self._book.create_sheet(self._title[:31])
        self._sheet.freeze_panes = "A2"
        for number, column in enumerate(self._columns, 1):
            self._sheet.column_dimensions[get_column_letter(number)].width = WIDTHS[column.kind]
        heads = [self._text(heading(column)) for column in self._columns]
        for cell in heads:
            cell.font = Font(bold=True)
        self._sheet.append(heads)
        self._rows = 1

    def write(self, rows: Iterable[Sequence[Value]]) -> int:
        """Add the rows, on another sheet when one is full; return how many there were."""
        count = 0
        for row in rows:
            if self._rows == SHEET_ROWS:
                self._begin_sheet()
            self._sheet.append([self._cell(*pair) for pair in zip(self._columns, row, strict=True)])
            self._rows += 1
            count += 1
        return count

    def _cell(self, column: Column, value: Value) -> Any:
        if isinstance(value, str):
            # Without the characters that a workbook can't hold, and no longer than a cell can be.
            text = ILLEGAL_CHARACTERS_RE.sub("", value)
            text = text if len(text) <= CELL_CHARACTERS else text[: CELL_CHARACTERS - 1] + "…"
            return self._text(text) if text.startswith(_SPECIAL) else text
        if value is None or column.kind not in NUMBER_FORMATS:
            return value
        # Excel has no time zones.
        held: Any = timezone.localtime(value).replace(tzinfo=None) if isinstance(value, datetime) else value
        cell = WriteOnlyCell(self._sheet, held)
        cell.number_format = NUMBER_FORMATS[column.kind]
        return cell

    def _text(self, text: str) -> Any:
        cell = WriteOnlyCell(self._sheet, text)
        cell.data_type = "s"
        return cell

    def close(self, file: IO[bytes]) -> None:
        """Write the workbook to the file."""
        self._book.save(file)


def heading(column: Column) -> str:
    return capfirst(str(column.label))
