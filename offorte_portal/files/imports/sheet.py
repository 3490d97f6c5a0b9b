"""Reads the rows of one sheet of a workbook, with cells as text."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple

from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel, from_ISO8601

from offorte_portal.files.imports.package import Package, unreadable
from offorte_portal.files.imports.table import (
    HIDDEN,
    MOST_COLUMNS,
    MOST_LINES,
    MOST_ROWS,
    TableError,
    TableRow,
    column_letter,
    too_many_lines,
)
from offorte_portal.files.imports.workbook_parts import Texts, local_name, whole
from offorte_portal.files.reasons import ImportReason
from offorte_portal.text.reason import Reason

# Cells of one row (Excel's limit) and of a sheet at most; those from column LAST on are not read.
MOST_CELLS_A_ROW, MOST_CELLS, LAST = 16_384, 2_500_000, 2 * MOST_COLUMNS
# Rows beyond this are only counted.
MOST_KEPT = 2 * MOST_ROWS
# Characters of a number in the file, digits of it before the decimals, and characters of an error that are shown.
LONGEST_NUMBER, MOST_DIGITS, LONGEST_ERROR = 400, 30, 40
# Decimals beyond this are rounding errors, such as those of 5.55111512312578E-17 for a sum that should be zero.
MOST_DECIMALS = 28


class Book(NamedTuple):
    """What the cells of all sheets refer to: shared texts, number formats, and whether dates count from 1904."""

    texts: Sequence[str]
    formats: Sequence[str]
    is_1904: bool


class SheetParser:
    """Handles the elements of a sheet. `rows` are its non-empty rows, up to `MOST_KEPT`; `count` counts all of them."""

    parser: Any
    is_done = False

    def __init__(self, package: Package, book: Book) -> None:
        self.rows: list[TableRow] = []
        self.count = 0
        # The first cells that are merged across rows, such as B2:B3; and whether there were cells too far to the right.
        self.merged_down = ""
        self.has_more_columns = False
        # The indexes of columns that are not shown, and the relations that cells link to, by row number and index.
        self.hidden: set[int] = set()
        self.links: dict[tuple[int, int], str] = {}
        self._package, self._book = package, book
        self._text = Texts()
        self._names: dict[str, Callable[[dict[str, str]], None]] | None = None
        self._ends: dict[str, Callable[[], None]] = {}
        self._cells: dict[int, str] = {}
        self._problem: Reason | None = None
        self._number = self._lines = self._in_row = self._in_all = 0
        self._attributes: dict[str, str] = {}
        self._has_formula = self._has_value = self._is_phonetic = self._is_hidden = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Handle the beginning of a row, a cell, or something in a cell."""
        if self._names is None:
            self._learn(name[: -len(local_name(name))])
            return
        if begin := self._names.get(name):
            begin(attributes)

    def end(self, name: str) -> None:
        """Handle the end of a row, a cell, or something in a cell."""
        if finish := self._ends.get(name):
            finish()

    def _learn(self, prefix: str) -> None:
        """Map the names of elements to methods; all elements have the prefix of the first one."""
        begins = {"row": self._begin_row, "c": self._begin_cell, "v": self._begin_value, "t": self._listen}
        begins |= {"f": self._note_formula, "rPh": self._begin_phonetic, "mergeCell": self._note_merged}
        begins |= {"col": self._note_column, "hyperlink": self._note_link}
        ends = {"row": self._end_row, "c": self._end_cell, "v": self._leave, "t": self._leave}
        ends |= {"rPh": self._end_phonetic}
        self._names = {prefix + name: begin for name, begin in begins.items()}
        self._ends = {prefix + name: finish for name, finish in ends.items()}

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._lines += 1
        if self._lines > MOST_LINES:
            raise too_many_lines()
        text = attributes.get("r", "")
        self._number = (
            int(text) if text.isdecimal() and len(text) < 8 and int(text) > self._number else self._number + 1
        )
        self._cells, self._problem, self._in_row = {}, None, 0
        self._is_hidden = _is_true(attributes.get("hidden", ""))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._attributes, self._has_formula, self._has_value = attributes, False, False
        self._in_row += 1
        if self._in_row > MOST_CELLS_A_ROW:
            raise unreadable()
        if "r" not in attributes:
            attributes["r"] = column_letter(self._in_row - 1)

    def _begin_value(self, attributes: dict[str, str]) -> None:
        self._has_value = True
        self._listen(attributes)

    def _listen(self, attributes: dict[str, str]) -> None:
        if not self._is_phonetic:
            self.parser.CharacterDataHandler = self._text.add

    def _leave(self) -> None:
        self.parser.CharacterDataHandler = None

    def _note_formula(self, attributes: dict[str, str]) -> None:
        self._has_formula = True

    def _begin_phonetic(self, attributes: dict[str, str]) -> None:
        self._is_phonetic = True

    def _end_phonetic(self) -> None:
        self._is_phonetic = False

    def _note_merged(self, attributes: dict[str, str]) -> None:
        first, _colon, last = attributes.get("ref", "").partition(":")
        if not self.merged_down and last and _row_of(first) != _row_of(last):
            self.merged_down = f"{first}:{last}"[:20]

    def _note_column(self, attributes: dict[str, str]) -> None:
        if _is_true(attributes.get("hidden", "")):
            first, last = (whole(attributes.get(name)) for name in ("min", "max"))
            self.hidden.update(range(max(0, first - 1), min(last, LAST)))

    def _note_link(self, attributes: dict[str, str]) -> None:
        relation = next((value for name, value in attributes.items() if name.endswith(":id")), "")
        place = attributes.get("ref", "").partition(":")[0]
        if relation and len(self.links) < MOST_KEPT and (number := whole(_row_of(place))):
            self.links[number, column_index(place)] = relation

    def _end_cell(self) -> None:
        raw = self._text.take()
        # Empty text is a result as well, for example of =IF(A1="";"";1).
        is_empty_text = self._has_value and self._attributes.get("t") == "str"
        if not raw and (not self._has_formula or is_empty_text):
            return
        column = column_index(self._attributes["r"])
        if column >= LAST:
            self.has_more_columns = True
            return
        if not raw:
            self._problem = self._problem or ImportReason.NO_RESULT(column=column_letter(column))
            return
        if self.count >= MOST_KEPT:
            self._cells[column] = raw
            return
        text, problem = self._convert(raw)
        self._cells[column] = text if self._attributes.get("t") == "s" else self._package.keeper.keep(text)
        if problem:
            self._problem = self._problem or problem(column=column_letter(column), error=text)

    def _end_row(self) -> None:
        self._in_all += self._in_row
        if self._in_all > MOST_CELLS:
            raise TableError(ImportReason.TOO_MANY_CELLS())
        if not self._problem and not any(self._cells.values()):
            return
        self.count += 1
        if self.count <= MOST_KEPT:
            self._package.deadline.earn(len(self._cells))
            self._package.keeper.count(sum(map(len, self._cells.values())))
            cells = [self._cells.get(index, "") for index in range(max(self._cells, default=-1) + 1)]
            self.rows.append(TableRow(self._number, cells, self._problem, HIDDEN if self._is_hidden else ""))

    def _convert(self, raw: str) -> tuple[str, ImportReason | None]:
        """Return the cell as text, and the code of its problem, which is still to be given column and error."""
        kind = self._attributes.get("t", "n")
        try:
            match kind:
                case "s":
                    return self._book.texts[int(raw)], None
                case "n":
                    return self._write_number(raw)
                case "b":
                    return ("true" if int(raw) else "false"), None
                case "d":
                    return write_moment(from_ISO8601(raw)), None  # type: ignore[no-untyped-call]
        except (ValueError, IndexError, TypeError):
            raise unreadable() from None
        return (raw[:LONGEST_ERROR], ImportReason.CELL_ERROR) if kind == "e" else (raw, None)

    def _write_number(self, raw: str) -> tuple[str, ImportReason | None]:
        if len(raw) > LONGEST_NUMBER:
            return raw[:LONGEST_ERROR], ImportReason.NUMBER_TOO_LONG
        number = float(raw) if any(sign in raw for sign in ".eE") else int(raw)
        if abs(number) >= 10**MOST_DIGITS:
            return raw[:LONGEST_ERROR], ImportReason.NUMBER_TOO_LONG
        style = self._attributes.get("s", "0")
        index = int(style)
        shown_as = self._book.formats[index] if 0 <= index < len(self._book.formats) else "General"
        if not _is_moment(shown_as):
            return write_number(number, shown_as), None
        epoch = CALENDAR_MAC_1904 if self._book.is_1904 else CALENDAR_WINDOWS_1900
        try:
            return write_moment(from_excel(number, epoch, timedelta=is_timedelta_format(shown_as))), None
        except (OverflowError, ValueError):
            return "#VALUE!", ImportReason.CELL_ERROR


def _is_true(text: str) -> bool:
    return text in {"1", "true", "on"}


_is_moment = lru_cache(maxsize=1024)(is_date_format)


@cache
def _letters(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1


def column_index(place: str) -> int:
    """Return the index of the column that a cell such as AB12 is in, 0 for A. Raises TableError."""
    letters = place.rstrip("0123456789")
    if not 0 < len(letters) <= 3 or not letters.isascii() or not letters.isupper():
        raise unreadable()
    return _letters(letters)


def _row_of(place: str) -> str:
    return place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ$").lstrip("$")


def write_moment(moment: datetime | date | time | timedelta | None) -> str:
    """Return a date or time in ISO format, without the time where that is midnight; a duration as Python writes it."""
    match moment:
        case datetime():
            return moment.date().isoformat() if moment.time() == time() else moment.isoformat(" ", "seconds")
        case date() | time():
            return moment.isoformat()
    return str(moment)


def write_number(number: float, shown_as: str) -> str:
    """Return a number in plain digits; as a percentage or with leading zeros (00123456) where Excel shows it so."""
    # A float has some 15 significant digits; the others are noise, as in 0.30000000000000004.
    digits = Decimal(number) if isinstance(number, int) else Decimal(format(number, ".15g"))
    if int(digits.as_tuple().exponent) < -MOST_DECIMALS:
        digits = digits.quantize(Decimal(1).scaleb(-MOST_DECIMALS)) + 0
    if "%" in shown_as:
        return f"{plain(digits * 100)}%"
    is_padded = shown_as.startswith("0") and shown_as.strip("0") == ""
    if is_padded and digits == digits.to_integral_value() and digits >= 0:
        return plain(digits).zfill(len(shown_as))
    return plain(digits)


def plain(number: Decimal) -> str:
    """Return the number without an exponent and without zeros at the end of the decimals.

    Three decimals get a fourth, so that no language takes them for thousands when the cell is parsed.
    """
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text
