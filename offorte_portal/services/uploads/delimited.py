"""CSV in any of the ways in which people's programs write it: which letters, which delimiter, which line ends."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from offorte_portal.services.uploads.table import TableError, TableRow

DELIMITERS = (",", ";", "\t", "|")
SAMPLED = 50
# Excel's own way to say which delimiter follows.
_SEPARATOR_LINE = re.compile(r"sep=([,;\t|:])\r?\n?", re.IGNORECASE)
# UTF-8 that was once taken for Windows-1252: "é" became "Ã©".
_GARBLED = re.compile("[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ]|\ufffd")


def read_delimited(content: bytes) -> tuple[Iterator[TableRow], list[str]]:
    """The rows of a CSV file and notes on how it was read. Raises TableError, also while rows are taken."""
    text, notes = decode(content)
    if match := _SEPARATOR_LINE.match(text):
        return read_rows(text[match.end() :], match[1], first=2), notes
    return read_rows(text, find_delimiter(text), first=1), notes


def decode(content: bytes) -> tuple[str, list[str]]:
    """The text of a file in UTF-8, UTF-16 or Windows-1252, and what a person should check of it."""
    encoding = guess_encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise not_text() from None
    if "\0" in text:
        raise not_text()
    notes = []
    if encoding == "cp1252":
        notes.append(_("The file was read as Windows-1252. See whether letters such as é and € are right."))
    if garbled := _GARBLED.search(text):
        text_here = text[max(0, garbled.start() - 8) : garbled.end() + 8].split("\n")[0].strip()
        notes.append(_("Some letters look wrong, as in “%s”. Save the file as CSV UTF-8 if they are.") % text_here)
    return text, notes


def guess_encoding(content: bytes) -> str:
    """The encoding, by its mark, by its noughts, or because it fits."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = content[:2000]
    if start.count(0) > len(start) // 4:
        return "utf-16-le" if start[1::2].count(0) >= start[::2].count(0) else "utf-16-be"
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def not_text() -> TableError:
    """The refusal of a file that is no text."""
    return TableError(
        _("This is no table that the portal can read. Save it as Excel workbook (.xlsx) or as CSV UTF-8.")
    )


def find_delimiter(text: str) -> str:
    """What separates the cells: what cuts most of the first rows into the same number of cells, and the most."""
    return max(DELIMITERS, key=lambda delimiter: rate(text, delimiter))


def rate(text: str, delimiter: str) -> tuple[bool, float, int]:
    """How well a delimiter fits: the first row of a table agrees with the others, how many agree, in how many cells."""
    widths = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if cells:
                widths.append(len(cells))
            if len(widths) == SAMPLED:
                break
    except csv.Error:
        return (False, 0.0, 0)
    wide = [width for width in widths if width > 1]
    if not wide:
        return (False, 0.0, 1)
    width, count = Counter(wide).most_common(1)[0]
    return (wide[0] == max(wide), count / len(widths), width)


def read_rows(text: str, delimiter: str, first: int) -> Iterator[TableRow]:
    """Every row with its number. Raises TableError at a quotation mark that is out of place."""
    number = first - 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, first):
            yield TableRow(number, cells)
    except csv.Error as error:
        if "field larger" in str(error):
            raise TableError(_("Row %d has a cell that is too long.") % (number + 1)) from None
        raise TableError(
            _("Row %d has a quotation mark that is never closed, or that should be written twice.") % (number + 1)
        ) from None
