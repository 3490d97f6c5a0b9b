"""Reads an uploaded file (a spreadsheet, CSV, business cards, a web page) into a table of text."""

from typing import IO

from offorte_portal.files.imports.cards import is_cards, read_cards
from offorte_portal.files.imports.delimited import guess_encoding, open_text, read_delimited
from offorte_portal.files.imports.header import IsHeading, build
from offorte_portal.files.imports.hypertext import read_hypertext
from offorte_portal.files.imports.opendocument import CONTENT, read_opendocument
from offorte_portal.files.imports.package import Package
from offorte_portal.files.imports.sheet import MOST_KEPT, Book, SheetParser
from offorte_portal.files.imports.table import MOST_BYTES, RawTable, Table, TableError, too_many
from offorte_portal.files.imports.workbook_parts import WORKBOOK, read_formats, read_links, read_sheets, read_texts
from offorte_portal.files.reasons import ImportReason
from offorte_portal.runs.reasons import RunReason

_OTHERS = (".numbers", ".pdf", ".doc", ".docx", ".xlsb", ".json", ".zip")
# Characters at the beginning of a text that tell what it is.
LOOKED_AT = 64 * 1024
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
    return build(read_spreadsheet(Package(content)) if content.startswith(_BINARY) else read_text(content), is_heading)


def read_spreadsheet(package: Package) -> RawTable:
    """Return the rows of a workbook or an OpenDocument spreadsheet. Raises TableError."""
    is_opendocument = CONTENT in package and WORKBOOK not in package
    return read_opendocument(package) if is_opendocument else read_workbook(package)


def read_text(content: bytes) -> RawTable:
    """Return the rows of a text: cards, a table in a web page, or CSV. Raises TableError."""
    encoding = guess_encoding(content)
    try:
        start = open_text(content, encoding).read(LOOKED_AT).lstrip("\ufeff \t\r\n")
    except UnicodeDecodeError:
        raise TableError(ImportReason.NOT_TEXT()) from None
    if is_cards(start):
        return read_cards(content)
    if start.startswith("<"):
        lower = start.lower()
        if "urn:schemas-microsoft-com:office:spreadsheet" in lower and "<workbook" in lower:
            raise TableError(ImportReason.XML_WORKBOOK())
        if "<table" in lower or "<html" in lower:
            return read_hypertext(content, encoding)
        if lower.startswith("<?xml"):
            raise TableError(ImportReason.NOT_TEXT())
    if start[:13].lower() == "mime-version:":
        raise TableError(ImportReason.WEB_ARCHIVE())
    return RawTable(*read_delimited(content))


def read_workbook(package: Package) -> RawTable:
    """Return the rows of a workbook's first sheet that is not empty, as text. Raises TableError.

    openpyxl and calamine read styles, names and drawings in full before the first cell, so that a small file can cost
    them minutes and gigabytes. What a table needs is read here instead, with openpyxl's conversion of dates.
    """
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
