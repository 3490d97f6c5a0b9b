"""Files as people's programs write them."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

Rows = Sequence[Sequence[Any]]


def as_csv(rows: Rows, *, delimiter: str = ",", encoding: str = "utf-8", newline: str = "\r\n") -> io.BytesIO:
    """A CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return io.BytesIO(text.getvalue().encode(encoding))


def as_workbook(rows: Rows, *, merge: str = "", formats: dict[str, str] | None = None, hidden: str = "") -> io.BytesIO:
    """An Excel workbook with one sheet, perhaps with a hidden column."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if merge:
        sheet.merge_cells(merge)
    if hidden:
        sheet.column_dimensions[hidden].hidden = True
    for place, shown_as in (formats or {}).items():
        sheet[place].number_format = shown_as
    return saved(book)


def saved(book: Workbook) -> io.BytesIO:
    """The file of a workbook."""
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file
