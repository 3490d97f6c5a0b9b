"""The tables of a report as files: CSV or XLSX, with numbers as numbers and a column for each currency."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils import timezone

from offorte_portal import ports
from offorte_portal.adminkit.money import write_currency
from offorte_portal.adminkit.reports import Cell, Table
from offorte_portal.files.exports.sheets import Column, ColumnKind, Value
from offorte_portal.files.exports.writing import open_writer
from offorte_portal.files.models import Export

TYPES = {
    Export.Format.CSV: "text/csv; charset=utf-8",
    Export.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What a workbook does not allow in the name of a sheet.
_NOT_IN_TITLES = re.compile(r"[\\/*?:\[\]]")


def is_asked(request: HttpRequest, name: str) -> bool:
    """Return whether the address asks for the table of this name as a file."""
    return request.GET.get("file", "") in TYPES and request.GET.get("table") == name


def send_file(request: HttpRequest, tables: Sequence[Table]) -> HttpResponseBase | None:
    """Return the file that the address asks for (`file`, `table`); None where it asks for none of these tables."""
    table = next((table for table in tables if is_asked(request, table.name)), None)
    if table is None:
        return None
    format = request.GET["file"]
    columns, rows = lay_out(table)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with open_writer(format, file, columns, _NOT_IN_TITLES.sub(" ", table.title)) as writer:
        writer.write(rows)
    file.seek(0)
    day = timezone.localdate(ports.now())
    content_type = TYPES[Export.Format(format)]
    return FileResponse(file, as_attachment=True, filename=f"{table.name}-{day}.{format}", content_type=content_type)


def lay_out(table: Table) -> tuple[list[Column], list[list[Value]]]:
    """Return the columns of a table's file and its rows, the total last."""
    rows = [*table.rows, *([table.total] if table.total else [])]
    columns = [_column(table.dimension, ColumnKind.LONG)]
    filled: list[list[Value]] = [[row.label] for row in rows]
    for number, heading in enumerate(table.headings):
        for column, values in _spread(str(heading), [row.cells[number] for row in rows]):
            columns.append(column)
            for line, value in zip(filled, values, strict=True):
                line.append(value)
    return columns, filled


def _spread(heading: str, cells: Sequence[Cell]) -> Iterator[tuple[Column, list[Value]]]:
    """Yield one column of numbers or texts, or one for each currency of the amounts."""
    currencies = sorted({currency for cell in cells for currency in cell.amounts or ()})
    for currency in currencies:
        amounts = [cell.amounts.get(currency, Decimal()) if cell.amounts is not None else None for cell in cells]
        yield _column(f"{heading} ({write_currency(currency)})", ColumnKind.MONEY), list(amounts)
    if currencies:
        return
    unit = next((cell.unit for cell in cells if cell.unit), "")
    if unit:
        heading = f"{heading} ({unit})"
    elif all(cell.value is None and cell.amounts is None for cell in cells):
        yield _column(heading, ColumnKind.TEXT), [_text(cell) for cell in cells]
        return
    yield _column(heading, ColumnKind.NUMBER), [_number(cell) for cell in cells]


def _column(label: str, kind: ColumnKind) -> Column:
    return Column(label, label, lambda row: None, kind)


def _number(cell: Cell) -> Value:
    value: Any = Decimal() if cell.amounts is not None else cell.value
    return Decimal(str(value)) if isinstance(value, float) else value


def _text(cell: Cell) -> str:
    return " · ".join([cell.text, *(other.text for other in cell.others)])
