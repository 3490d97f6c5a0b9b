"""Reads the largest table of a web page, which some programs call an Excel file (.xls).

The page is scanned once from front to back, a piece at a time: no tag is looked at twice, and nothing is nested.
"""

import html
import re

from offorte_portal.files.imports.delimited import open_text
from offorte_portal.files.imports.limits import Deadline, Keeper
from offorte_portal.files.imports.sheet import LAST, MOST_CELLS_A_ROW, MOST_KEPT
from offorte_portal.files.imports.table import (
    HIDDEN,
    MOST_LINES,
    RawTable,
    TableError,
    TableRow,
    too_many,
    too_many_lines,
)
from offorte_portal.files.imports.workbook_parts import Texts, whole
from offorte_portal.files.reasons import ImportReason

# Characters that are read at once and of one tag at most, and tables of a page at most.
PIECE, LONGEST_TAG, MOST_TABLES = 256 * 1024, 64 * 1024, 500
# What is skipped up to its end.
_SKIPPED = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "title", "xml")}
_COMMENT_END = re.compile("-->")
# Characters of these ends at most.
_LONGEST_END = 8
_BREAKS = {"br", "/p", "/div", "/li"}
_TAG = re.compile(r"/?[a-zA-Z][a-zA-Z0-9:]*")
_SPAN = re.compile(r"\b(colspan|rowspan)\s*=\s*[\"']?(\d{1,6})", re.IGNORECASE)
_MAIL = re.compile(r"\bhref\s*=\s*[\"']?(mailto:[^\"'>]{1,500})", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"display\s*:\s*none|\shidden(?=[\s=/]|$)", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f\u00a0]+")


def read_hypertext(content: bytes, encoding: str) -> RawTable:
    """Return the rows of the largest table of a web page. Raises TableError."""
    scanner = Scanner(Deadline())
    text = open_text(content, encoding)
    rest = ""
    while piece := text.read(PIECE):
        rest = scanner.scan(rest + piece, len(piece))
    scanner.scan(f"{rest}</table>", 0)
    tables = scanner.tables
    if not tables:
        raise TableError(ImportReason.NOT_TEXT())
    largest = max(tables, key=lambda table: table.count)
    if largest.count > MOST_KEPT:
        raise too_many(largest.count - 1)
    notes = [ImportReason.OTHER_TABLES()] if len(tables) > 1 else []
    return RawTable(largest.rows, notes, frozenset(largest.hidden), largest.links)


class PageTable:
    """A table of a page, while it is read and after."""

    def __init__(self) -> None:
        self.rows: list[TableRow] = []
        self.count = self.number = self.columns = 0
        self.hidden: set[int] = set()
        self.links: dict[tuple[int, int], str] = {}
        # Of the row that is read: its cells, whether it is shown, and the number of its cells in the file.
        self.cells: dict[int, str] = {}
        self.is_hidden = self.is_in_row = self.is_in_cell = False
        self.in_row = self.place = self.span = 0
        # The rows that cells above still reach into, by index.
        self.below: dict[int, int] = {}
        self.text = Texts()
        self.link = ""


class Scanner:
    """Finds the tables in pieces of a page."""

    def __init__(self, deadline: Deadline) -> None:
        self.tables: list[PageTable] = []
        self._open: list[PageTable] = []
        self._until: re.Pattern[str] | None = None
        self._deadline, self._keeper = deadline, Keeper()
        self._tags = 0

    def scan(self, text: str, size: int) -> str:
        """Scan a piece, of which `size` characters are new; return the end of it that is not complete."""
        self._deadline.check()
        self._deadline.feed(size)
        place = 0
        while True:
            if self._until:
                found = self._until.search(text, place)
                if found is None:
                    return text[max(place, len(text) - _LONGEST_END) :]
                place, self._until = found.start(), None
            begin = text.find("<", place)
            self._add(text[place : begin if begin >= 0 else len(text)])
            if begin < 0:
                return ""
            if text.startswith("<!--", begin):
                self._until, place = _COMMENT_END, begin + 4
                continue
            end = text.find(">", begin)
            if end < 0:
                if len(text) - begin > LONGEST_TAG:
                    raise TableError(ImportReason.NOT_TEXT())
                return text[begin:]
            self._handle(text[begin + 1 : end])
            place = end + 1

    def _add(self, text: str) -> None:
        if text and self._open and self._open[-1].is_in_cell:
            self._open[-1].text.add(_BLANKS.sub(" ", text))

    def _handle(self, tag: str) -> None:
        """Handle what is between < and >."""
        self._tags += 1
        if not self._tags % 1000:
            self._deadline.check()
        match = _TAG.match(tag)
        name = match[0].lower() if match else ""
        if name in _SKIPPED and not tag.endswith("/"):
            self._until = _SKIPPED[name]
        elif name == "table":
            if len(self._open) + len(self.tables) >= MOST_TABLES:
                raise TableError(ImportReason.TABLE_TOO_LARGE())
            self._open.append(PageTable())
        elif self._open:
            self._handle_within(self._open[-1], name, tag)

    def _handle_within(self, table: PageTable, name: str, tag: str) -> None:
        if name == "/table":
            self._end_row(table)
            self._open.pop()
            if table.count:
                self.tables.append(table)
        elif name in {"tr", "/tr"}:
            self._end_row(table)
            if name == "tr":
                self._begin_row(table, tag)
        elif name in {"td", "th", "/td", "/th"}:
            self._end_cell(table)
            if not name.startswith("/"):
                self._begin_cell(table, tag)
        elif name == "col":
            self._note_column(table, tag)
        elif name in _BREAKS and table.is_in_cell:
            table.text.add("\n")
        elif name == "a" and table.is_in_cell and (match := _MAIL.search(tag)):
            table.link = html.unescape(match[1])

    def _note_column(self, table: PageTable, tag: str) -> None:
        match = re.search(r"\bspan\s*=\s*[\"']?(\d{1,6})", tag, re.IGNORECASE)
        number = min(max(whole(match[1]) if match else 1, 1), LAST)
        if _NOT_SHOWN.search(tag) and table.columns < LAST:
            table.hidden.update(range(table.columns, table.columns + number))
        table.columns += number

    def _begin_row(self, table: PageTable, tag: str) -> None:
        table.number += 1
        if table.number > MOST_LINES:
            raise too_many_lines()
        table.is_in_row, table.is_hidden = True, bool(_NOT_SHOWN.search(tag))
        table.cells, table.place, table.in_row = {}, 0, 0

    def _begin_cell(self, table: PageTable, tag: str) -> None:
        if not table.is_in_row:
            self._begin_row(table, "")
        table.in_row += 1
        if table.in_row > MOST_CELLS_A_ROW:
            raise TableError(ImportReason.TOO_MANY_CELLS())
        while table.below.get(table.place):
            table.place += 1
        spans = {match[1].lower(): int(match[2]) for match in _SPAN.finditer(tag[:2_000])}
        table.span = min(max(spans.get("colspan", 1), 1), LAST)
        if (rows := spans.get("rowspan", 1)) > 1 and table.place < LAST:
            # One more, which the end of this row takes away.
            table.below |= dict.fromkeys(range(table.place, table.place + table.span), rows)
        table.is_in_cell, table.link = True, ""

    def _end_cell(self, table: PageTable) -> None:
        if not table.is_in_cell:
            return
        text = html.unescape(table.text.take())
        lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
        text = "\n".join(line for line in lines if line)
        if table.place < LAST:
            if text and table.count < MOST_KEPT:
                table.cells[table.place] = self._keeper.keep(text)
            if table.link and table.count < MOST_KEPT:
                table.cells.setdefault(table.place, "")
                table.links[table.number, table.place] = table.link
        table.place += table.span
        table.is_in_cell = False

    def _end_row(self, table: PageTable) -> None:
        self._end_cell(table)
        if not table.is_in_row:
            return
        table.is_in_row = False
        table.below = {place: rows - 1 for place, rows in table.below.items() if rows > 1}
        if not table.cells:
            return
        table.count += 1
        if table.count <= MOST_KEPT:
            self._deadline.earn(len(table.cells))
            self._keeper.count(sum(map(len, table.cells.values())))
            cells = [table.cells.get(index, "") for index in range(max(table.cells) + 1)]
            table.rows.append(TableRow(table.number, cells, None, HIDDEN if table.is_hidden else ""))
