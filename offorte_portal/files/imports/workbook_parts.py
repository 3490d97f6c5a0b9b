"""Reads what a table needs of a workbook beside its sheets: their names, the shared texts, and which cells are dates.

Everything else (styling, defined names, drawings, properties) is not read.
"""

import re
from collections.abc import Mapping
from typing import Any

from openpyxl.styles.numbers import BUILTIN_FORMATS

from offorte_portal.files.imports.package import Package, unreadable
from offorte_portal.files.imports.table import TableError
from offorte_portal.files.reasons import ImportReason

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
# Bytes of the list of sheets and of the formats at most; formats beyond that are not read.
LARGEST_LIST, LARGEST_STYLES = 2 * 1024 * 1024, 4 * 1024 * 1024
# Excel's own limit is 65,490 cell formats.
MOST_FORMATS, MOST_SHEETS, MOST_RELATIONS = 65_536, 1_000, 5_000
MOST_TEXTS = 1_000_000
# Row number and index of a column.
Place = tuple[int, int]
LONGEST_LINK = 1_000
# Characters of one cell, as for CSV.
LONGEST_TEXT = 131_072
# How workbooks write a character that XML can't hold.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def local_name(name: str) -> str:
    """Return the name of an element or attribute without its prefix."""
    return name.rpartition(":")[2]


class Texts:
    """Collects the text between tags that a handler needs."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._size = 0

    def add(self, piece: str) -> None:
        """Add a piece of text. Raises TableError where a cell holds too much."""
        self._size += len(piece)
        if self._size > LONGEST_TEXT:
            raise TableError(ImportReason.WORKBOOK_CELL_TOO_LONG())
        self._pieces.append(piece)

    def take(self) -> str:
        """Return the text that was collected since the last call."""
        if not self._pieces:
            return ""
        text = self._pieces[0] if len(self._pieces) == 1 else "".join(self._pieces)
        self._pieces.clear()
        self._size = 0
        return _ESCAPED.sub(_unescape, text) if "_x" in text else text


def _unescape(match: re.Match[str]) -> str:
    """Return the character of an escape, or "" for one that is neither printable nor a space."""
    character = chr(int(match[1], 16))
    return character if character.isprintable() or character.isspace() else ""


class SheetList:
    """Collects the sheets in their order, as (name, is visible, relation), and whether dates count from 1904."""

    parser: Any
    is_done = False

    def __init__(self) -> None:
        self.sheets: list[tuple[str, bool, str]] = []
        self.is_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Add a sheet, or note the epoch of dates."""
        match local_name(name):
            case "sheet" if len(self.sheets) < MOST_SHEETS:
                relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
                is_visible = attributes.get("state", "visible") == "visible"
                self.sheets.append((attributes.get("name", ""), is_visible, relation))
            case "workbookPr":
                self.is_1904 = attributes.get("date1904") in {"1", "true", "on"}

    def end(self, name: str) -> None:
        """Stop after the sheets, because names and more may follow without limit."""
        self.is_done = self.is_done or local_name(name) == "sheets"


class Relations:
    """Collects the paths of the parts that a workbook refers to, by relation and by kind."""

    parser: Any
    is_done = False

    def __init__(self) -> None:
        self.paths: dict[str, str] = {}
        self.kinds: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Add a relation."""
        if local_name(name) == "Relationship" and len(self.paths) < MOST_RELATIONS:
            target = attributes.get("Target", "")
            path = target[1:] if target.startswith("/") else f"xl/{target.removeprefix('./')}"
            self.paths[attributes.get("Id", "")] = path
            self.kinds.setdefault(attributes.get("Type", "").rpartition("/")[2], path)

    def end(self, name: str) -> None:
        """Do nothing."""


class MailLinks:
    """Collects the e-mail addresses that a sheet links to, by relation."""

    parser: Any
    is_done = False

    def __init__(self) -> None:
        self.addresses: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Add an address."""
        target = attributes.get("Target", "")[:LONGEST_LINK]
        if target.casefold().startswith("mailto:") and len(self.addresses) < MOST_TEXTS:
            self.addresses[attributes.get("Id", "")] = target

    def end(self, name: str) -> None:
        """Do nothing."""


class SharedTexts:
    """Collects the texts that cells refer to by number, without phonetic readings of Japanese."""

    parser: Any
    is_done = False

    def __init__(self, package: Package) -> None:
        self.texts: list[str] = []
        self._package = package
        self._text = Texts()
        self._is_phonetic = False
        self._prefix: str | None = None
        self._item, self._run, self._phonetic = "si", "t", "rPh"

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin to collect a text, or to skip a phonetic reading."""
        if self._prefix is None:
            self._prefix = name[: -len(local_name(name))]
            self._item, self._run, self._phonetic = (self._prefix + tag for tag in ("si", "t", "rPh"))
        elif name == self._run and not self._is_phonetic:
            self.parser.CharacterDataHandler = self._text.add
        elif name == self._phonetic:
            self._is_phonetic = True

    def end(self, name: str) -> None:
        """Stop collecting, or store a text that is complete."""
        if name == self._run:
            self.parser.CharacterDataHandler = None
        elif name == self._phonetic:
            self._is_phonetic = False
        elif name == self._item:
            self.texts.append(self._package.keeper.keep(self._text.take()))
            if not len(self.texts) % 1000:
                self._package.deadline.earn(1000)
            if len(self.texts) > MOST_TEXTS:
                raise TableError(ImportReason.TOO_MANY_TEXTS())


class Formats:
    """Collects the number format of each cell format, which tells dates from numbers."""

    parser: Any
    is_done = False

    def __init__(self) -> None:
        self.codes: list[str] = []
        self._own: dict[int, str] = {}
        self._is_inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Add a format."""
        match local_name(name):
            case "xf" if self._is_inside:
                number = whole(attributes.get("numFmtId"))
                self.codes.append(self._own.get(number) or BUILTIN_FORMATS.get(number, "General"))
                self.is_done = len(self.codes) >= MOST_FORMATS
            case "numFmt" if len(self._own) < MOST_FORMATS:
                self._own[whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")[:255]
            case "cellXfs":
                self._is_inside = True

    def end(self, name: str) -> None:
        """Stop after the cell formats."""
        self.is_done = self.is_done or local_name(name) == "cellXfs"


def read_sheets(package: Package) -> tuple[SheetList, Relations]:
    """Return the list of sheets and where they are. Raises TableError."""
    if WORKBOOK not in package:
        raise unreadable()
    sheets, relations = SheetList(), Relations()
    if not package.parse(WORKBOOK, sheets, LARGEST_LIST) or not package.parse(RELATIONS, relations, LARGEST_LIST):
        raise unreadable()
    return sheets, relations


def read_formats(package: Package, relations: Relations) -> tuple[list[str], bool]:
    """Return the cell formats, and whether these are all. Raises TableError."""
    formats = Formats()
    path = relations.kinds.get("styles", "")
    is_whole = path not in package or package.parse(path, formats, LARGEST_STYLES)
    return formats.codes, is_whole and len(formats.codes) < MOST_FORMATS


def read_texts(package: Package, relations: Relations) -> list[str]:
    """Return the texts that cells share. Raises TableError."""
    texts = SharedTexts(package)
    path = relations.kinds.get("sharedStrings", "")
    if path in package:
        package.parse(path, texts)
    return texts.texts


def read_links(package: Package, sheet: str, links: Mapping[Place, str]) -> dict[Place, str]:
    """Return the e-mail addresses that the cells of a sheet link to, by their relations. Raises TableError."""
    folder, _slash, part = sheet.rpartition("/")
    path = f"{folder}/_rels/{part}.rels"
    found = MailLinks()
    if not links or path not in package or not package.parse(path, found, LARGEST_LIST):
        return {}
    return {place: found.addresses[relation] for place, relation in links.items() if relation in found.addresses}


def whole(text: str | None) -> int:
    """Return a whole number of less than ten digits; 0 for any other text."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
