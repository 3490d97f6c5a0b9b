"""Reads CSV files with the encodings, delimiters and line endings that programs write."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from offorte_portal.files.imports.limits import Deadline, Keeper
from offorte_portal.files.imports.table import (
    MOST_COLUMNS,
    MOST_LINES,
    TableError,
    TableRow,
    too_many_columns,
    too_many_lines,
)
from offorte_portal.files.reasons import ImportReason
from offorte_portal.text.reason import Reason

DELIMITERS = (",", ";", "\t", "|")
SAMPLED = 50
# Characters from which the delimiter is found; characters of one row at most, including its line breaks.
LOOKED_AT, LONGEST_ROW = 256 * 1024, 1024 * 1024
# Cells of one row at most; many of them may be empty.
MOST_CELLS = 2 * MOST_COLUMNS
# The line in which Excel names the delimiter.
_SEPARATOR_LINE = re.compile(r"sep=([,;\t|:])\r?\n?", re.IGNORECASE)
# UTF-8 that was decoded as Windows-1252, so that "é" became "Ã©", and the replacement character.
_GARBLED = re.compile("[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ]|\ufffd")


def read_delimited(content: bytes) -> tuple[Iterator[TableRow], list[Reason]]:
    """Return the rows of a CSV file and notes on how it was read. Raises TableError, also while rows are read."""
    deadline = Deadline()
    encoding = guess_encoding(content)
    start, notes = check_text(content, encoding, deadline)
    text = open_text(content, encoding)
    if match := _SEPARATOR_LINE.match(start):
        text.read(match.end())
        return read_rows(Lines(text, deadline), match[1], first=2), notes
    # The one that best splits the first rows into the same number of cells.
    delimiter = max(DELIMITERS, key=lambda delimiter: rate(start, delimiter))
    return read_rows(Lines(text, deadline), delimiter, first=1), notes


def open_text(content: bytes, encoding: str) -> io.TextIOWrapper:
    """Open the text of a file, to decode it while it is read: all at once could take several times the memory."""
    return io.TextIOWrapper(io.BytesIO(content), encoding, newline="")


def check_text(content: bytes, encoding: str, deadline: Deadline) -> tuple[str, list[Reason]]:
    """Return the beginning of the text, and notes on what to check. Raises TableError where the file is not text."""
    start = garbled = ""
    text = open_text(content, encoding)
    try:
        while piece := text.read(LOOKED_AT):
            deadline.check()
            start = start or piece
            if "\0" in piece:
                raise TableError(ImportReason.NOT_TEXT())
            if not garbled and (found := _GARBLED.search(piece)):
                garbled = piece[max(0, found.start() - 8) : found.end() + 8].split("\n")[0].strip()
    except UnicodeDecodeError:
        raise TableError(ImportReason.NOT_TEXT()) from None
    notes = []
    if encoding == "cp1252":
        notes.append(ImportReason.WINDOWS_1252())
    if garbled:
        notes.append(ImportReason.GARBLED(text=garbled))
    return start, notes


def guess_encoding(content: bytes) -> str:
    """Return the encoding: by the byte order mark, by zero bytes, UTF-8 where that fits, or else Windows-1252."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = content[:2000]
    if start.count(0) > len(start) // 4:
        return "utf-16-le" if start[1::2].count(0) >= start[::2].count(0) else "utf-16-be"
    text = open_text(content, "utf-8-sig")
    try:
        while text.read(LOOKED_AT):
            pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def rate(text: str, delimiter: str) -> tuple[bool, float, int]:
    """Rate a delimiter: is the first row of several cells the widest, the share of equally wide rows, their width."""
    widths = []
    try:
        for cells in csv.reader(io.StringIO(text[:LOOKED_AT], newline=""), delimiter=delimiter):
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


class Lines:
    """The lines of a text. Raises TableError for too many lines, too long a row, and too long a time."""

    def __init__(self, text: io.TextIOWrapper, deadline: Deadline) -> None:
        self._text, self._deadline = text, deadline
        self._number, self._in_row = 0, 0

    def __iter__(self) -> Iterator[str]:
        """Yield the lines one by one. Raises TableError."""
        while line := self._text.readline(LONGEST_ROW + 1):
            self._number += 1
            self._in_row += len(line)
            if self._number > MOST_LINES:
                raise too_many_lines()
            if self._in_row > LONGEST_ROW:
                raise TableError(ImportReason.LINE_TOO_LONG(number=self._number))
            self._deadline.check()
            self._deadline.feed(len(line))
            yield line

    def end_row(self, cells: int) -> None:
        """Record that the lines since the last call made up a row with this number of cells."""
        self._in_row = 0
        self._deadline.earn(cells)


def read_rows(lines: Lines, delimiter: str, first: int) -> Iterator[TableRow]:
    """Yield each row with its number. Raises TableError for a misplaced quotation mark, or for too much of anything."""
    number = first - 1
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    keeper = Keeper()
    try:
        for number, cells in enumerate(reader, first):
            while cells and not cells[-1]:
                cells.pop()
            if len(cells) > MOST_CELLS:
                raise too_many_columns()
            lines.end_row(len(cells))
            yield TableRow(number, [keeper.keep(cell) for cell in cells])
    except csv.Error as error:
        reason = ImportReason.CELL_TOO_LONG if "field larger" in str(error) else ImportReason.OPEN_QUOTE
        raise TableError(reason(number=number + 1)) from None
