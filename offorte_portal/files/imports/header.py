"""Finds the header of a file, and makes a table of the rows below it."""

import re
from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from offorte_portal.files.imports.table import (
    MOST_COLUMNS,
    MOST_ROWS,
    Table,
    TableError,
    TableRow,
    column_letter,
    fold,
    too_many,
    too_many_columns,
)
from offorte_portal.files.reasons import ImportReason

# Rows in which the header is looked for. A title and a date above the table are common, a longer introduction is not.
LOOKED_AT = 20
# An e-mail address or a number: a value, not the name of a column.
_VALUE = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|[€$£]?\s*-?\d[\d\s.,:/-]*", re.ASCII)
# Longer text is not matched: the time that takes grows faster than its length.
LONGEST_VALUE = 200
# Characters of the name of a column; longer ones are cut off.
LONGEST_NAME = 200


def build(rows: Iterable[TableRow], words: Collection[str] = ()) -> Table:
    """Make a table of the rows of a file; `words` are known names of columns, folded. Raises TableError."""
    filled, count = [], 0
    for row in rows:
        if row.problem or any(cell.strip() for cell in row.cells):
            count += 1
            # All rows are counted, so that the error can say how many there are.
            if count <= MOST_ROWS + LOOKED_AT:
                filled.append(row)
    if not filled:
        raise TableError(ImportReason.FILE_EMPTY())
    place = find_header(filled, words)
    if count - place - 1 > MOST_ROWS:
        raise too_many(count - place - 1)
    return shape(filled[place], filled[place + 1 :])


def find_header(rows: list[TableRow], words: Collection[str]) -> int:
    """Return the index of the header: the row with most known names, or else the first one of several cells."""
    known = [sum(len(cell) <= LONGEST_NAME and fold(cell) in words for cell in row.cells) for row in rows[:LOOKED_AT]]
    widths = [sum(bool(cell.strip()) for cell in row.cells) for row in rows[:LOOKED_AT]]
    best = max(known, default=0)
    if best >= min(2, max(widths)):
        return known.index(best)
    # A title is a single cell, usually a merged one.
    return next((place for place, width in enumerate(widths) if width > 1), 0)


def shape(header: TableRow, rows: list[TableRow]) -> Table:
    """Return the table below a header, without empty columns. Raises TableError."""
    texts = [cell.strip() for cell in header.cells]
    if header.problem or any(len(text) <= LONGEST_VALUE and _VALUE.fullmatch(text) for text in texts):
        raise TableError(ImportReason.NO_HEADER(number=header.number))
    if not rows:
        raise TableError(ImportReason.NO_ROWS())
    used = {index for row in (header, *rows) for index, cell in enumerate(row.cells) if cell and not cell.isspace()}
    kept = sorted(used)
    if len(kept) > MOST_COLUMNS:
        raise too_many_columns()
    names = [text[:LONGEST_NAME].strip() for text in texts] + [""] * (kept[-1] + 1 - len(texts))
    named = name_columns(names, kept)
    notes = []
    if header.number > 1:
        notes.append(ImportReason.HEADER_FOUND(number=header.number))
    nameless = [name for index, name in named.items() if not names[index]]
    if nameless:
        notes.append(ImportReason.COLUMNS_NAMELESS(names=", ".join(nameless)))
    return Table([named[index] for index in kept], [narrow(row, kept) for row in rows], notes)


def narrow(row: TableRow, kept: list[int]) -> TableRow:
    """Return the row with only these columns. A row that has no others is not copied, to save memory."""
    if len(row.cells) == len(kept) == kept[-1] + 1:
        return row
    return TableRow(row.number, [row.cells[index] if index < len(row.cells) else "" for index in kept], row.problem)


def name_columns(names: list[str], kept: list[int]) -> dict[int, str]:
    """Return each column's name, made of its letter where it has none. Raises TableError where two are the same."""
    named: dict[int, str] = {}
    seen: dict[str, int] = {}
    for index in kept:
        name = names[index] or _("Column %s") % column_letter(index)
        other = seen.setdefault(name.casefold(), index)
        if other != index:
            raise TableError(
                ImportReason.COLUMNS_ALIKE(name=name, first=column_letter(other), second=column_letter(index))
            )
        named[index] = name
    return named
