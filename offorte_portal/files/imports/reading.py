"""Reads an uploaded file, an Excel workbook or CSV, into a table of text."""

from collections.abc import Collection
from typing import IO

from offorte_portal.files.imports.delimited import read_delimited
from offorte_portal.files.imports.header import build
from offorte_portal.files.imports.table import MOST_BYTES, Table, TableError
from offorte_portal.files.imports.workbook import read_workbook
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


def read_table(content: bytes, words: Collection[str] = ()) -> Table:
    """Read the table in an Excel workbook or a CSV file.

    `words` are known names of columns, folded (`mapping.known_words`), by which the header is recognised.
    Raises TableError with what is wrong and what to do.
    """
    # The content decides: names and content types are wrong too often.
    rows, notes = read_workbook(content) if content.startswith(_BINARY) else read_delimited(content)
    table = build(rows, words)
    table.notes[:0] = notes
    return table
