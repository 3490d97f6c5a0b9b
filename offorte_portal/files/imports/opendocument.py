"""Reads the first sheet with content of an OpenDocument spreadsheet (.ods), as LibreOffice and others write it."""

from collections.abc import Callable
from typing import Any

from offorte_portal.files.imports.package import Package, unreadable
from offorte_portal.files.imports.sheet import (
    LAST,
    LONGEST_ERROR,
    LONGEST_NUMBER,
    MOST_CELLS,
    MOST_CELLS_A_ROW,
    MOST_DIGITS,
    MOST_KEPT,
    write_number,
)
from offorte_portal.files.imports.table import (
    HIDDEN,
    MOST_LINES,
    RawTable,
    TableError,
    TableRow,
    column_letter,
    too_many,
    too_many_lines,
)
from offorte_portal.files.imports.workbook_parts import Texts, whole
from offorte_portal.files.reasons import ImportReason
from offorte_portal.text.reason import Reason

CONTENT = "content.xml"
# Blanks that one element may stand for, and styles of sheets that are looked at.
MOST_BLANKS, MOST_STYLES = 1_000, 10_000
# Rows beyond the last one of any program are not numbered.
LAST_ROW = 2_000_000
Attributes = dict[str, str]


def read_opendocument(package: Package) -> RawTable:
    """Return the rows of the first sheet that is shown and not empty. Raises TableError."""
    sheets = SheetsParser(package)
    package.parse(CONTENT, sheets)
    if not sheets.count:
        raise TableError(ImportReason.WORKBOOK_EMPTY())
    if sheets.count > MOST_KEPT:
        raise too_many(sheets.count - 1)
    notes: list[Reason] = []
    if sheets.is_one_of_several:
        notes.append(ImportReason.ONE_SHEET(name=sheets.name[:80]))
    if sheets.merged_down:
        notes.append(ImportReason.MERGED_DOWN(cells=sheets.merged_down))
    if sheets.has_more_columns:
        notes.append(ImportReason.CELLS_LEFT_OUT())
    return RawTable(sheets.rows, notes, frozenset(sheets.hidden), sheets.links)


class SheetsParser:
    """Handles the elements of the content: sheets until one that is not empty, and whether another one follows.

    A cell and a row can say that they are repeated, up to billions of times: empty ones are only counted, others are
    kept up to `LAST` columns and `MOST_KEPT` rows.
    """

    parser: Any
    is_done = False

    def __init__(self, package: Package) -> None:
        self.rows: list[TableRow] = []
        self.count = 0
        self.name = self.merged_down = ""
        self.hidden: set[int] = set()
        self.links: dict[tuple[int, int], str] = {}
        self.has_more_columns = self.is_one_of_several = False
        self._package, self._text = package, Texts()
        self._style, self._hidden_styles = "", set[str]()
        self._is_shown = False
        # How deep within a comment on a cell or the like, whose text is not the cell's.
        self._aside = 0
        self._number = self._lines = self._columns = self._in_all = 0
        self._row: Attributes = {}
        self._cells: dict[int, str] = {}
        self._problem: Reason | None = None
        self._place = self._in_row = 0
        self._cell: Attributes | None = None
        self._paragraphs = 0
        self._link = ""
        self._begins: dict[str, Callable[[Attributes], None]] = {
            "style:style": self._begin_style,
            "style:table-properties": self._note_style,
            "table:table": self._begin_sheet,
            "table:table-column": self._note_columns,
            "table:table-row": self._begin_row,
            "table:table-cell": self._begin_cell,
            "table:covered-table-cell": self._begin_cell,
        }
        self._in_cell: dict[str, Callable[[Attributes], None]] = {
            "text:p": self._begin_paragraph,
            "text:s": lambda attributes: self._text.add(" " * min(whole(attributes.get("text:c", "1")), MOST_BLANKS)),
            "text:tab": lambda _attributes: self._text.add("\t"),
            "text:line-break": lambda _attributes: self._text.add("\n"),
            "text:a": self._begin_link,
        }
        self._ends = {
            "table:table": self._end_sheet,
            "table:table-row": self._end_row,
            "table:table-cell": self._end_cell,
            "table:covered-table-cell": self._end_cell,
            "text:p": self._end_paragraph,
        }

    def start(self, name: str, attributes: Attributes) -> None:
        """Handle the beginning of an element."""
        if self._aside or name in {"office:annotation", "draw:frame", "table:shapes", "table:tracked-changes"}:
            self._aside += 1
        elif begin := (self._begins.get(name) or (self._cell is not None and self._in_cell.get(name))):
            begin(attributes)

    def end(self, name: str) -> None:
        """Handle the end of an element."""
        if self._aside:
            self._aside -= 1
        elif finish := self._ends.get(name):
            finish()

    def _begin_style(self, attributes: Attributes) -> None:
        self._style = attributes.get("style:name", "")

    def _note_style(self, attributes: Attributes) -> None:
        if attributes.get("table:display") == "false" and len(self._hidden_styles) < MOST_STYLES:
            self._hidden_styles.add(self._style)

    def _begin_sheet(self, attributes: Attributes) -> None:
        if self.count:
            self.is_one_of_several = self.is_done = True
            return
        self._is_shown = attributes.get("table:style-name", "") not in self._hidden_styles
        self.is_one_of_several = self.is_one_of_several or bool(self.name)
        self.name = attributes.get("table:name", "")
        self.hidden = set()
        self._number = self._columns = 0

    def _end_sheet(self) -> None:
        self._is_shown = False

    def _note_columns(self, attributes: Attributes) -> None:
        number = max(whole(attributes.get("table:number-columns-repeated", "1")), 1)
        if attributes.get("table:visibility", "visible") != "visible":
            self.hidden.update(range(self._columns, min(self._columns + number, LAST)))
        self._columns = min(self._columns + number, LAST)

    def _begin_row(self, attributes: Attributes) -> None:
        self._lines += 1
        if self._lines > MOST_LINES:
            raise too_many_lines()
        self._row, self._cells, self._problem, self._place, self._in_row = attributes, {}, None, 0, 0

    def _begin_cell(self, attributes: Attributes) -> None:
        self._in_row += 1
        if self._in_row > MOST_CELLS_A_ROW:
            raise unreadable()
        self._cell, self._paragraphs, self._link = attributes, 0, ""

    def _begin_paragraph(self, _attributes: Attributes) -> None:
        if self._paragraphs:
            self._text.add("\n")
        self._paragraphs += 1
        self.parser.CharacterDataHandler = self._hear

    def _hear(self, text: str) -> None:
        if not self._aside:
            self._text.add(text)

    def _end_paragraph(self) -> None:
        self.parser.CharacterDataHandler = None

    def _begin_link(self, attributes: Attributes) -> None:
        address = attributes.get("xlink:href", "")[:1_000]
        if address.casefold().startswith("mailto:"):
            self._link = address

    def _end_cell(self) -> None:
        cell, self._cell = self._cell or {}, None
        shown = self._text.take()
        repeated = max(whole(cell.get("table:number-columns-repeated", "1")), 1)
        place, self._place = self._place, self._place + repeated
        text, problem = write_value(cell, shown)
        if not text or not self._is_shown:
            return
        if place >= LAST:
            self.has_more_columns = True
            return
        if whole(cell.get("table:number-rows-spanned", "1")) > 1 and not self.merged_down:
            letter, row = column_letter(place), min(self._number, LAST_ROW) + 1
            last = row + whole(cell["table:number-rows-spanned"]) - 1
            self.merged_down = f"{letter}{row}:{letter}{last}"[:20]
        text = self._package.keeper.keep(text)
        self._cells |= dict.fromkeys(range(place, min(place + repeated, LAST)), text)
        if self._link and self.count < MOST_KEPT:
            self.links[min(self._number, LAST_ROW) + 1, place] = self._link
        if problem:
            self._problem = self._problem or problem(column=column_letter(place), error=text[:LONGEST_ERROR])

    def _end_row(self) -> None:
        repeated = max(whole(self._row.get("table:number-rows-repeated", "1")), 1)
        first, self._number = self._number + 1, min(self._number + repeated, LAST_ROW)
        self._in_all += self._in_row
        if self._in_all > MOST_CELLS:
            raise TableError(ImportReason.TOO_MANY_CELLS())
        if not self._cells or not self._is_shown:
            return
        mark = HIDDEN if self._row.get("table:visibility", "visible") != "visible" else ""
        cells = [self._cells.get(index, "") for index in range(max(self._cells) + 1)]
        for number in range(first, first + min(repeated, MOST_KEPT - min(self.count, MOST_KEPT))):
            self._package.deadline.earn(len(cells))
            self._package.keeper.count(sum(map(len, cells)))
            self.rows.append(TableRow(number, cells, self._problem, mark))
        self.count += repeated


def write_value(cell: Attributes, shown: str) -> tuple[str, ImportReason | None]:
    """Return the value of a cell as text, as from a workbook, and the code of its problem."""
    value = cell.get("office:value", "")
    match cell.get("office:value-type") or cell.get("calcext:value-type"):
        case "float" | "currency" | "percentage" as kind:
            if len(value) > LONGEST_NUMBER:
                return value[:LONGEST_ERROR], ImportReason.NUMBER_TOO_LONG
            try:
                number = float(value) if any(sign in value for sign in ".eE") else int(value)
            except ValueError:
                return shown, None
            if not abs(number) < 10**MOST_DIGITS:
                return value[:LONGEST_ERROR], ImportReason.NUMBER_TOO_LONG
            # Shown with zeros in front, the number was meant as a text.
            if shown.isascii() and shown.isdecimal() and shown.startswith("0") and int(shown[:MOST_DIGITS]) == number:
                return shown, None
            return write_number(number, "0%" if kind == "percentage" else "General"), None
        case "date":
            return cell.get("office:date-value", shown)[:30].replace("T", " ").removesuffix(" 00:00:00"), None
        case "boolean":
            return cell.get("office:boolean-value", shown)[:10], None
    text = shown or cell.get("office:string-value", "")
    is_error = "table:formula" in cell and text.startswith(("#", "Err:"))
    return text, ImportReason.CELL_ERROR if is_error else None
