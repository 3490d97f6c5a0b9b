"""Reads electronic business cards (vCard 2.1, 3.0 and 4.0) as a table with a row for each card.

The names of the columns are in English, such as "Business phone", and recognised as those of other programs are.
"""

import codecs
import quopri
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from offorte_portal.files.imports.delimited import guess_encoding, open_text
from offorte_portal.files.imports.limits import Deadline, Keeper
from offorte_portal.files.imports.sheet import MOST_KEPT
from offorte_portal.files.imports.table import (
    MOST_COLUMNS,
    MOST_LINES,
    RawTable,
    TableError,
    TableRow,
    too_many,
    too_many_columns,
    too_many_lines,
)
from offorte_portal.files.imports.workbook_parts import LONGEST_TEXT
from offorte_portal.files.reasons import ImportReason

# Characters of one line of the file at most.
LONGEST_LINE = 1024 * 1024
MOST_PROPERTIES = 1_000
# Colons within the quotation marks of parameters.
MOST_COLONS = 20
_NAMES = ("Last name", "First name", "Middle name", "Title", "Suffix")
_ADDRESS = ("PO box", "Extended address", "Street", "City", "State", "Zip code", "Country")
_SINGLE = {"FN": "Full name", "TITLE": "Job title", "NOTE": "Notes", "BDAY": "Birthday", "NICKNAME": "Nickname"}
_SINGLE |= {"ROLE": "Role", "CATEGORIES": "Categories", "URL": "Website", "ANNIVERSARY": "Anniversary"}
_READ = {"N", "ORG", "ADR", "TEL", "EMAIL", *_SINGLE}
_PASSED_OVER = {"BEGIN", "END", "VERSION", "PRODID", "REV", "UID", "X-ABLABEL", "X-ABADR", "KIND", "X-ABSHOWAS"}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SEMICOLON = re.compile(r"(?<!\\);")


@dataclass(slots=True)
class Property:
    """One line of a card: its name without a group, its types such as WORK, and its value as it is written."""

    name: str
    types: set[str] = field(default_factory=set)
    value: str = ""


def is_cards(start: str) -> bool:
    """Return whether a text begins as cards do."""
    return start.lstrip("\ufeff \t\r\n")[:11].upper() == "BEGIN:VCARD"


def read_cards(content: bytes) -> RawTable:
    """Return a header and a row for each card. Raises TableError."""
    keeper, deadline = Keeper(), Deadline()
    columns: dict[str, None] = {}
    cards: list[dict[str, str]] = []
    left_out: Counter[str] = Counter()
    count = 0
    for card in split_cards(read_properties(content, deadline)):
        count += 1
        if count > MOST_KEPT:
            continue
        values = {column: keeper.keep(value) for column, value in list_values(card, left_out)}
        keeper.count(sum(map(len, values.values())))
        deadline.earn(len(values))
        columns |= dict.fromkeys(values)
        if len(columns) > MOST_COLUMNS:
            raise too_many_columns()
        cards.append(values)
    if count > MOST_KEPT:
        raise too_many(count)
    notes = [ImportReason.CARD_PARTS(names=", ".join(sorted(left_out))[:200])] if left_out else []
    header = TableRow(0, list(columns))
    rows = (TableRow(number, [values.get(column, "") for column in columns]) for number, values in enumerate(cards, 1))
    return RawTable([header, *rows], notes)


def read_properties(content: bytes, deadline: Deadline) -> Iterator[Property]:
    """Yield the properties of all cards, with lines put together that were folded. Raises TableError."""
    pieces: list[str] = []
    size = 0
    has_picture = is_quoted = False
    for line in read_lines(content, deadline):
        is_soft = is_quoted and pieces[-1].endswith("=")
        if pieces and (is_soft or line[:1] in {" ", "\t"}):
            size += len(line)
            # What is in a picture is not needed.
            if has_picture:
                continue
            if size > LONGEST_TEXT:
                raise TableError(ImportReason.WORKBOOK_CELL_TOO_LONG())
            if is_soft:
                pieces[-1] = pieces[-1][:-1]
            pieces.append(line.lstrip() if is_soft else line[1:])
            continue
        if pieces:
            yield parse_property("".join(pieces))
        pieces, size, has_picture = [line[:LONGEST_TEXT]], len(line), is_binary(line)
        is_quoted = "QUOTED-PRINTABLE" in line.partition(":")[0].upper()
        if size > LONGEST_TEXT and not has_picture:
            raise TableError(ImportReason.WORKBOOK_CELL_TOO_LONG())
    if pieces:
        yield parse_property("".join(pieces))


def read_lines(content: bytes, deadline: Deadline) -> Iterator[str]:
    """Yield the lines of the file that are not empty. Raises TableError."""
    text = open_text(content, guess_encoding(content))
    number = 0
    try:
        while line := text.readline(LONGEST_LINE + 1):
            number += 1
            if number > MOST_LINES:
                raise too_many_lines()
            if len(line) > LONGEST_LINE:
                raise TableError(ImportReason.LINE_TOO_LONG(number=number))
            deadline.check()
            deadline.feed(len(line))
            if line := line.rstrip("\r\n"):
                yield line
    except UnicodeDecodeError:
        raise TableError(ImportReason.NOT_TEXT()) from None


def is_binary(line: str) -> bool:
    """Return whether a line holds a picture, a sound or a key."""
    start = line[:200].partition(":")[0].upper()
    return "BASE64" in start or "ENCODING=B" in start or start.split(";")[0].rpartition(".")[2] in {"PHOTO", "LOGO"}


def parse_property(line: str) -> Property:
    """Return the property that a line holds, its value decoded but not split. One without a colon has no value."""
    start, _colon, value = line.partition(":")
    for _more in range(MOST_COLONS):
        if not start.count('"') % 2:
            break
        more, _colon, value = value.partition(":")
        start = f"{start}:{more}"
    name, *parameters = start.upper().split(";")
    given: dict[str, set[str]] = {}
    for parameter in parameters:
        key, equals, values = parameter.partition("=")
        given.setdefault(key if equals else "TYPE", set()).update((values if equals else key).strip('"').split(","))
    if "QUOTED-PRINTABLE" in given.get("ENCODING", set()) | given.get("TYPE", set()):
        value = decode_quoted(value, next(iter(given.get("CHARSET", ())), "UTF-8"))
    types = given.get("TYPE", set()) | ({"PREF"} if "PREF" in given else set())
    if is_binary(line):
        types |= {"BINARY"}
    return Property(name.rpartition(".")[2].strip(), types, value)


def decode_quoted(value: str, charset: str) -> str:
    """Return quoted-printable text, read as Windows-1252 where it is not of its character set."""
    raw = quopri.decodestring(value.encode("latin-1", "replace"))
    try:
        return raw.decode(codecs.lookup(charset).name)
    except (LookupError, UnicodeDecodeError):
        return raw.decode("cp1252", "replace")


def split_cards(properties: Iterator[Property]) -> Iterator[list[Property]]:
    """Yield the properties of each card."""
    card: list[Property] | None = None
    for item in properties:
        if item.name == "BEGIN":
            card = []
        elif item.name == "END" and card is not None:
            yield card
            card = None
        elif card is not None:
            card.append(item)
            if len(card) > MOST_PROPERTIES:
                raise too_many_columns()
    if card:
        yield card


def list_values(card: list[Property], left_out: Counter[str]) -> Iterator[tuple[str, str]]:
    """Yield the columns of a card with their values; count the parts that no table holds in `left_out`."""
    seen: Counter[str] = Counter()
    is_company = any(item.name in {"X-ABSHOWAS", "KIND"} and item.value.upper() in {"COMPANY", "ORG"} for item in card)
    for item in sorted(card, key=lambda item: "PREF" not in item.types):
        for column, value in columns_of(item, seen):
            text = _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value).strip()
            if text and not (is_company and column == "Full name"):
                yield column, text
        if item.name in _PASSED_OVER or item.name in _READ:
            continue
        if item.value or "BINARY" in item.types:
            left_out[item.name] += 1
    if is_company and not any(item.name == "ORG" for item in card):
        yield "Company", next((item.value for item in card if item.name == "FN"), "")


def columns_of(item: Property, seen: Counter[str]) -> Iterator[tuple[str, str]]:
    """Yield the columns that a property is in, numbered from the second of a kind on, with values as written."""
    kind = "Home " if "HOME" in item.types else "Business " if "WORK" in item.types else ""
    parts = _SEMICOLON.split(item.value)
    match item.name:
        case "N":
            yield from zip(_NAMES, parts, strict=False)
        case "ORG":
            yield from zip(("Company", "Department"), parts, strict=False)
        case "ADR":
            seen[kind] += 1
            number = f"Address {seen[kind]} " if seen[kind] > 1 else ""
            yield from ((f"{kind}{number}{name}", part) for name, part in zip(_ADDRESS, parts, strict=False))
        case "TEL":
            is_mobile, is_fax = item.types & {"CELL", "IPHONE"}, "FAX" in item.types
            column = "Mobile phone" if is_mobile else f"{kind}fax" if is_fax else f"{kind}phone"
            yield number_of(column.capitalize(), seen), item.value.removeprefix("tel:")
        case "EMAIL":
            yield number_of(f"{kind.replace('Business ', '')}E-mail", seen), item.value.removeprefix("mailto:")
        case "X-SOCIALPROFILE" if "linkedin" in item.value.casefold():
            yield number_of("LinkedIn", seen), item.value
        case name if name in _SINGLE:
            yield number_of(_SINGLE[name], seen), item.value


def number_of(column: str, seen: Counter[str]) -> str:
    """Return the name of a column with a number, if the card has had one of this name."""
    seen[column] += 1
    return column if seen[column] == 1 else f"{column} {seen[column]}"
