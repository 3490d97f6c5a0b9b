"""What is looked at in a workbook before it is opened: whether it is one, its size, and what its XML holds."""

import io
import re
import zipfile
from collections.abc import Iterable
from typing import IO

from django.utils.translation import gettext as _

from offorte_portal.services.uploads.table import MOST_ROWS, TableError, too_many

# What the parts of a workbook may take unpacked; an honest one of 10 MB is far below.
MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 2_000
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
# Lines are filled up to their last cell: one in each line at XFD, and nobody could wait for it.
_FAR_RIGHT = re.compile(rb"""\sr=["'][A-Z]{3}""")
_MERGED = re.compile(rb"""<mergeCell ref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']""")
_OLD = b"\xd0\xcf\x11\xe0"
_VALUES = (b"<v>", b"<v ", b"<is>", b"<f>", b"<f ")
CHUNK = 1 << 20


def inspect(content: bytes) -> tuple[bool, bool]:
    """Whether a workbook has formulas, and whether cells far to the right. Raises TableError where it is not safe."""
    if content.startswith(_OLD):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise TableError(_("The workbook is protected with a password. Save it without one."))
        raise TableError(_("This is an Excel file of the old kind (.xls). Save it as Excel workbook (.xlsx)."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise TableError(
                    _("The workbook is too large when it is unpacked. Save only the table that is needed.")
                )
            if "xl/workbook.xml" not in archive.namelist():
                raise unreadable()
            sheets = [part for part in parts if part.filename.startswith("xl/worksheets/sheet")]
            if len(sheets) == 1:
                refuse_many(archive.open(sheets[0]))
            return has_match(archive, sheets, _FORMULA), has_match(archive, sheets, _FAR_RIGHT)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise unreadable() from None


def has_match(archive: zipfile.ZipFile, parts: Iterable[zipfile.ZipInfo], wanted: re.Pattern[bytes]) -> bool:
    """Whether something is found in the XML of one of the parts."""
    for part in parts:
        tail = b""
        with archive.open(part) as file:
            while chunk := file.read(CHUNK):
                if wanted.search(tail + chunk):
                    return True
                tail = chunk[-16:]
    return False


def unreadable() -> TableError:
    """The refusal of a file that is no Excel workbook, or a damaged one."""
    return TableError(_("This is no Excel workbook, or it is damaged. Save it anew as .xlsx, or as CSV UTF-8."))


def refuse_many(file: IO[bytes]) -> None:
    """Raise TableError where a sheet's XML holds so many rows that reading them one by one makes no sense."""
    if (count := count_rows(file)) > 2 * MOST_ROWS:
        raise too_many(count - 1)


def find_merged_down(file: IO[bytes]) -> str:
    """The first cells of a sheet that are merged with those below them, such as B2:B3; "" where none are."""
    rest = b""
    with file:
        while chunk := file.read(CHUNK):
            for column, first, last_column, last in _MERGED.findall(rest + chunk):
                if first != last:
                    return f"{column.decode()}{first.decode()}:{last_column.decode()}{last.decode()}"
            rest = chunk[-64:]
    return ""


def count_rows(file: IO[bytes]) -> int:
    """How many rows of a sheet's XML hold something, without reading them one by one; the file is closed."""
    count, rest = 0, b""
    with file:
        while chunk := file.read(CHUNK):
            *rows, rest = (rest + chunk).split(b"</row>")
            count += sum(any(sign in row for sign in _VALUES) for row in rows)
    return count
