"""Reads an uploaded file, an Excel workbook or CSV, into a table of text."""

from typing import IO

from offorte_portal.files.imports.delimited import read_delimited
from offorte_portal.files.imports.header import IsHeading, build
from offorte_portal.files.imports.package import Package
from offorte_portal.files.imports.sheet import MOST_KEPT, Book, SheetParser
from offorte_portal.files.imports.table import MOST_BYTES, RawTable, Table, TableError, too_many
from offorte_portal.files.imports.workbook_parts import read_formats, read_links, read_sheets, read_texts
from offorte_portal.files.reasons import ImportReason
from offorte_portal.runs.reasons import RunReason

_OTHERS = (".ods", ".numbers", ".pdf", ".doc", ".docx", ".xlsb", ".json", ".xml", ".html", ".zip")
_BINARY = (b"PK", b"\xd0\xcf\x11\xe0")


def take(file: IO[bytes], name: str) -> bytes:
    """Return the bytes of a file called `name`. Raises TableError where name or size rule out that it is a table."""
    if name.lower().endswith(_OTHERS):
        raise TableError(ImportReason.NO_TABLE(name=name))
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise TableError(ImportReason.FILE_TOO_LARGE(most=RunReason.BYTES(value=MOST_BYTES)))
    if not content:
        raise TableError(ImportReason.FILE_EMPTY())
    return content


def read_table(content: bytes, is_heading: IsHeading = lambda text: False) -> Table:
    """Read the table in an Excel workbook or a CSV file.

    The header is recognised by the names of columns that are known (`guessing.is_heading`).
    Raises TableError with what is wrong and what to do.
    """
    # The content decides: names and content types are wrong too often.
    raw = read_workbook(content) if content.startswith(_BINARY) else RawTable(*read_delimited(content))
    return build(raw, is_heading)


def read_workbook(content: bytes) -> RawTable:
    """Return the rows of a workbook's first sheet that is not empty, as text. Raises TableError.

    openpyxl and calamine read styles, names and drawings in full before the first cell, so that a small file can cost
    them minutes and gigabytes. What a table needs is read here instead, with openpyxl's conversion of dates.
    """
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
        if sheet.merged_down:
            notes.append(ImportReason.MERGED_DOWN(cells=sheet.merged_down))
        if sheet.has_more_columns:
            notes.append(ImportReason.CELLS_LEFT_OUT())
        if not is_whole:
            notes.append(ImportReason.MANY_FORMATS())
        links = read_links(package, relations.paths[relation], sheet.links)
        return RawTable(sheet.rows, notes, frozenset(sheet.hidden), links)
    raise TableError(ImportReason.WORKBOOK_EMPTY())
