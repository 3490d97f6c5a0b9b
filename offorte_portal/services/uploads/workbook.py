"""Excel workbooks: the first sheet with something in it, cell by cell as text, in bounded memory."""

import io
import re
import warnings
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import repeat
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from offorte_portal.services.uploads.package import find_merged_down, inspect, refuse_many, unreadable
from offorte_portal.services.uploads.table import MOST_COLUMNS, TableError, TableRow, column_letter

# Rows that hold nothing are read, too.
MOST_LINES = 200_000
_LEADING_NOUGHTS = re.compile(r"0+")


def read_workbook(content: bytes) -> tuple[Iterator[TableRow], list[str]]:
    """The rows of a workbook and notes on how it was read. Raises TableError, also while rows are taken."""
    has_formulas, is_wide = inspect(content)
    width = MOST_COLUMNS + 1 if is_wide else None
    values = open_book(content, is_data_only=True)
    sheets = [sheet for sheet in values.worksheets if sheet.sheet_state == "visible"] or values.worksheets
    sheet = next((one for one in sheets if has_content(one, width)), None)
    if sheet is None:
        raise TableError(_("The workbook is empty."))
    refuse_many(sheet._get_source())
    notes = []
    if len(sheets) > 1:
        notes.append(_("Only the sheet “%s” was read; the workbook has others.") % sheet.title)
    if merged := find_merged_down(sheet._get_source()):
        notes.append(
            _("Cells are merged downwards, such as %s: the first row has the value, the others none.") % merged
        )
    # A second reading tells a formula without a result from an empty cell.
    formulas = open_book(content, is_data_only=False)[sheet.title] if has_formulas else None
    return read_rows(sheet, formulas, width), notes


def open_book(content: bytes, *, is_data_only: bool) -> Any:
    """The workbook, read as it is walked through."""
    try:
        with warnings.catch_warnings():
            # Styles and extensions that openpyxl does not know mean nothing to a table.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=is_data_only, keep_links=False)
            for sheet in book.worksheets:
                # Some programs write a wrong one.
                sheet.reset_dimensions()
    except Exception as error:
        # A damaged part can fail in any way that XML, zip or openpyxl know.
        raise unreadable() from error
    return book


def has_content(sheet: Any, width: int | None) -> bool:
    """Whether anything is written on the sheet."""
    return any(cell.value is not None for line in lines_of(sheet, width) for cell in line)


def lines_of(sheet: Any, width: int | None) -> Iterator[tuple[Any, ...]]:
    """The lines of a sheet. Raises TableError where it is damaged, or endless."""
    lines = sheet.iter_rows(max_col=width)
    for _number in range(MOST_LINES):
        try:
            line = next(lines, None)
        except Exception as error:
            raise unreadable() from error
        if line is None:
            return
        yield line
    raise TableError(_("The sheet has more than %d lines. Save only the table that is needed.") % MOST_LINES)


def read_rows(sheet: Any, formulas: Any, width: int | None) -> Iterator[TableRow]:
    """Every row with its number, as text."""
    asked: Iterable[tuple[Any, ...]] = lines_of(formulas, width) if formulas is not None else repeat(())
    for number, (line, formula) in enumerate(zip(lines_of(sheet, width), asked, strict=False), 1):
        cells = [write(cell) for cell in line]
        while cells and not cells[-1]:
            cells.pop()
        yield TableRow(number, cells, find_problem(line, formula))


def find_problem(line: Iterable[Any], formula: tuple[Any, ...]) -> str:
    """Why the values of a row can't be relied on: a formula without a result, an error of the spreadsheet."""
    for index, cell in enumerate(line):
        if cell.value is None and index < len(formula) and formula[index].data_type == "f":
            return _(
                "Column %s holds a formula whose result is not in the file. Open and save it in Excel, then retry."
            ) % (column_letter(index))
        if cell.data_type == "e":
            return _("Column %(column)s holds the error %(error)s.") % {
                "column": column_letter(index),
                "error": cell.value,
            }
    return ""


def write(cell: Any) -> str:
    """A cell as text: dates the ISO way, numbers with the digits that a spreadsheet shows of them."""
    match cell.value:
        case None:
            return ""
        case bool(value):
            return "true" if value else "false"
        case datetime() as moment:
            return moment.date().isoformat() if moment.time() == time() else moment.isoformat(" ", "seconds")
        case date() | time() as moment:
            return moment.isoformat()
        case timedelta() as duration:
            return str(duration)
        case int() | float() as number:
            return write_number(number, str(cell.number_format or ""))
    return str(cell.value)


def write_number(number: float, shown_as: str) -> str:
    """A number in plain digits; a share as percent, and a number such as 00123456 with its noughts, as shown."""
    # A float has some 15 digits that mean something; the others are noise such as 0.30000000000000004.
    digits = Decimal(number) if isinstance(number, int) else Decimal(format(number, ".15g"))
    if "%" in shown_as:
        return f"{plain(digits * 100)}%"
    if _LEADING_NOUGHTS.fullmatch(shown_as) and digits == digits.to_integral_value() and digits >= 0:
        return plain(digits).zfill(len(shown_as))
    return plain(digits)


def plain(number: Decimal) -> str:
    """Without an exponent and without noughts at the end of the decimals."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
