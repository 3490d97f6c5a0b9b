"""Reads the first sheet of an Excel workbook that is not empty, with cells as text, in limited memory and time.

openpyxl and calamine read styles, names and drawings in full before the first cell, so that a small file can cost them
minutes and gigabytes. What a table needs is read here instead, with openpyxl's conversion of dates.
"""

from offorte_portal.files.imports.package import Package
from offorte_portal.files.imports.sheet import MOST_KEPT, Book, SheetParser
from offorte_portal.files.imports.table import TableError, TableRow, too_many
from offorte_portal.files.imports.workbook_parts import read_formats, read_sheets, read_texts
from offorte_portal.files.reasons import ImportReason
from offorte_portal.text.reason import Reason


def read_workbook(content: bytes) -> tuple[list[TableRow], list[Reason]]:
    """Return the rows of a workbook and notes on how it was read. Raises TableError."""
    package = Package(content)
    found, relations = read_sheets(package)
    formats, is_whole = read_formats(package, relations)
    book = Book(read_texts(package, relations), formats, found.is_1904)
    known = [entry for entry in found.sheets if relations.paths.get(entry[2], "") in package]
    candidates = [entry for entry in known if entry[1]] or known
    notes = []
    for name, _is_visible, relation in candidates:
        sheet = SheetParser(package, book)
        package.parse(relations.paths[relation], sheet)
        if not sheet.count:
            continue
        if sheet.count > MOST_KEPT:
            raise too_many(sheet.count - 1)
        if len(candidates) > 1:
            notes.append(ImportReason.ONE_SHEET(name=name[:80]))
        return sheet.rows, notes + notes_of(sheet, is_whole=is_whole)
    raise TableError(ImportReason.WORKBOOK_EMPTY())


def notes_of(sheet: SheetParser, *, is_whole: bool) -> list[Reason]:
    """Return notes on what a person should check in a sheet."""
    notes = []
    if sheet.merged_down:
        notes.append(ImportReason.MERGED_DOWN(cells=sheet.merged_down))
    if sheet.has_more_columns:
        notes.append(ImportReason.CELLS_LEFT_OUT())
    if not is_whole:
        notes.append(ImportReason.MANY_FORMATS())
    return notes
