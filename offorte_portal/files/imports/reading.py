"""From an uploaded file to a table of text, whatever program wrote it."""

from collections.abc import Collection
from typing import IO

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from offorte_portal.files.imports.delimited import read_delimited
from offorte_portal.files.imports.header import build
from offorte_portal.files.imports.table import MOST_BYTES, Table, TableError
from offorte_portal.files.imports.workbook import read_workbook

_OTHERS = (".ods", ".numbers", ".pdf", ".doc", ".docx", ".xlsb", ".json", ".xml", ".html", ".zip")
_BINARY = (b"PK", b"\xd0\xcf\x11\xe0")


def take(file: IO[bytes], name: str) -> bytes:
    """Take the bytes of a file called `name` that may be a table, unread. Raises TableError, in words."""
    if name.lower().endswith(_OTHERS):
        raise TableError(
            _("“%s” is no table that the portal can read. Save it as Excel workbook (.xlsx) or as CSV.") % name
        )
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise TableError(
            _("The file is larger than %s. Split it, or save only the table that is needed.")
            % filesizeformat(MOST_BYTES)
        )
    if not content:
        raise TableError(_("The file is empty."))
    return content


def read_table(content: bytes, words: Collection[str] = ()) -> Table:
    """Read the table in an Excel workbook or a CSV file.

    `words` are known names of columns, folded (`mapping.known_words`): they tell the header from what is above it.
    Raises TableError with what is wrong and what to do.
    """
    # By what is in it: names and content types are wrong too often.
    rows, notes = read_workbook(content) if content.startswith(_BINARY) else read_delimited(content)
    table = build(rows, words)
    table.notes[:0] = notes
    return table
