"""Finds the header of a file, and makes a table of the rows below it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count

from django.utils.translation import gettext as _

from offorte_portal.files.imports.table import (
    EMPTY,
    HIDDEN,
    MOST_COLUMNS,
    MOST_ROWS,
    TOTAL,
    RawTable,
    Table,
    TableError,
    TableRow,
    column_letter,
    too_many,
    too_many_columns,
)
from offorte_portal.files.imports.totals import is_total
from offorte_portal.files.reasons import ImportReason
from offorte_portal.runs.reasons import RunReason
from offorte_portal.text.reason import Reason

# Rows in which the header is looked for. A title and a date above the table are common, a longer introduction is not.
LOOKED_AT = 20
# An e-mail address or a number: a value, not the name of a column.
_VALUE = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|[€$£]?\s*-?\d[\d\s.,:/-]*", re.ASCII)
# Longer text is not matched: the time that takes grows faster than its length.
LONGEST_VALUE = 200
# Characters of the name of a column; longer ones are cut off.
LONGEST_NAME = 200


# Says whether a text is a known name of a column.
IsHeading = Callable[[str], bool]


def build(raw: RawTable, is_heading: IsHeading) -> Table:
    """Make a table of the rows of a file. Raises TableError."""
    filled, number = [], 0
    for row in raw.rows:
        if row.problem or any(cell.strip() for cell in row.cells):
            number += 1
            # All rows are counted, so that the error can say how many there are.
            if number <= MOST_ROWS + LOOKED_AT:
                filled.append(row)
    if not filled:
        raise TableError(ImportReason.FILE_EMPTY())
    place = find_header(filled, is_heading)
    if number - place - 1 > MOST_ROWS:
        raise too_many(number - place - 1)
    table = shape(filled[place], filled[place + 1 :], raw)
    table.notes[:0] = raw.notes
    return table


def find_header(rows: list[TableRow], is_heading: IsHeading) -> int:
    """Return the index of the header: the row with most known names, or else the first one of several cells."""
    known = [sum(len(cell) <= LONGEST_NAME and is_heading(cell) for cell in row.cells) for row in rows[:LOOKED_AT]]
    widths = [sum(bool(cell.strip()) for cell in row.cells) for row in rows[:LOOKED_AT]]
    best = max(known, default=0)
    if best >= min(2, max(widths)):
        return known.index(best)
    # A title is a single cell, usually a merged one.
    return next((place for place, width in enumerate(widths) if width > 1), 0)


def shape(header: TableRow, rows: list[TableRow], raw: RawTable) -> Table:
    """Return the table below a header, without empty columns. Raises TableError."""
    texts = [cell.strip() for cell in header.cells]
    if header.problem or any(len(text) <= LONGEST_VALUE and _VALUE.fullmatch(text) for text in texts):
        raise TableError(ImportReason.NO_HEADER(number=header.number))
    if not rows:
        raise TableError(ImportReason.NO_ROWS())
    used = {index for row in rows for index, cell in enumerate(row.cells) if cell and not cell.isspace()}
    kept = sorted(used | {index for index, text in enumerate(texts) if text})
    if len(kept) > MOST_COLUMNS:
        raise too_many_columns()
    names = [text[:LONGEST_NAME].strip() for text in texts] + [""] * (kept[-1] + 1 - len(texts))
    named, notes = name_columns(names, kept)
    if header.number > 1:
        notes.append(ImportReason.HEADER_FOUND(number=header.number))
    nameless = [name for index, name in named.items() if not names[index]]
    if nameless:
        notes.append(ImportReason.COLUMNS_NAMELESS(names=", ".join(nameless)))
    marks = {named[index]: HIDDEN if index in raw.hidden else EMPTY for index in kept if index not in used - raw.hidden}
    linked = follow_links(rows, {index for index in kept if "mail" in names[index].casefold()}, raw)
    marked = mark_totals([narrow(row, kept) for row in linked])
    return Table([named[index] for index in kept], marked, notes + tell_marks(marked, marks), marks)


def follow_links(rows: list[TableRow], of_mail: set[int], raw: RawTable) -> list[TableRow]:
    """Put the address that a cell links to in place of its text, in columns of e-mail addresses, in place."""
    by_number = {row.number: row for row in rows} if raw.links else {}
    for (number, index), address in raw.links.items():
        row = by_number.get(number)
        if row and index in of_mail and index < len(row.cells) and "@" not in row.cells[index]:
            row.cells[index] = address
    return rows


def mark_totals(rows: list[TableRow]) -> list[TableRow]:
    """Mark the rows that are totals."""
    last = len(rows) - 1
    return [
        replace(row, mark=TOTAL) if is_total(row.cells, is_last=place == last) else row
        for place, row in enumerate(rows)
    ]


def tell_marks(rows: list[TableRow], column_marks: Mapping[str, str]) -> list[Reason]:
    """Return notes on the rows and columns that are left out unless a person takes them."""
    notes = []
    totals = [str(row.number) for row in rows if row.mark == TOTAL]
    if totals:
        notes.append(ImportReason.TOTAL_ROWS(numbers=", ".join(totals[:10])))
    if hidden := sum(row.mark == HIDDEN for row in rows):
        notes.append(ImportReason.HIDDEN_ROWS(count=RunReason.NUMBER(value=hidden)))
    if names := [name for name, mark in column_marks.items() if mark == HIDDEN]:
        notes.append(ImportReason.HIDDEN_COLUMNS(names=", ".join(names)[:200]))
    return notes


def narrow(row: TableRow, kept: list[int]) -> TableRow:
    """Return the row with only these columns. A row that has no others is not copied, to save memory."""
    if len(row.cells) == len(kept) == kept[-1] + 1:
        return row
    return replace(row, cells=[row.cells[index] if index < len(row.cells) else "" for index in kept])


def name_columns(names: list[str], kept: list[int]) -> tuple[dict[int, str], list[Reason]]:
    """Return each column's name, and what to know of them.

    A column without a name is called by its letter, and one with the name of another has a number: "Telefoon (2)".
    """
    named: dict[int, str] = {}
    notes: list[Reason] = []
    first: dict[str, int] = {}
    taken = {names[index].casefold() for index in kept}
    for index in kept:
        name = names[index] or _("Column %s") % column_letter(index)
        other = first.setdefault(name.casefold(), index)
        if other != index:
            notes.append(ImportReason.COLUMNS_ALIKE(name=name, first=column_letter(other), second=column_letter(index)))
            name = next(f"{name} ({n})" for n in count(2) if f"{name} ({n})".casefold() not in taken)
            taken.add(name.casefold())
        named[index] = name
    return named, notes
