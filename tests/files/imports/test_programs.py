"""Files with the headings of programs that people export from: their columns are recognised, and nothing gets lost."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from offorte_portal.files.imports import mapping
from offorte_portal.files.imports.guessing import field_of, is_heading
from offorte_portal.files.imports.headings import spelled
from offorte_portal.files.imports.reading import read_table
from offorte_portal.files.imports.table import Table
from offorte_portal.runs.reasons import put_into_words

FOLDER = Path(__file__).parent.parent / "samples"


def expected() -> dict[str, mapping.Columns]:
    """The columns of each file as a person would set them."""
    files: dict[str, mapping.Columns] = {}
    for line in (FOLDER / "columns.txt").read_text().splitlines():
        if name := re.fullmatch(r"\[(.+)\]", line):
            columns = files.setdefault(name[1], {})
        elif " = " in line:
            field, _equals, column = line.partition(" = ")
            columns[field] = column
    return files


EXPECTED = expected()
FILES = sorted(EXPECTED)


def kind_of(name: str) -> str:
    return name.partition("-")[0]


def read(name: str) -> Table:
    return read_table((FOLDER / name).read_bytes(), is_heading(kind_of(name)))


def wrong(name: str) -> Iterator[str]:
    """The columns that are not as a person would set them."""
    table = read(name)
    guessed = {column: key for key, column in mapping.guess(kind_of(name), table.header).items()}
    wanted = {column: key for key, column in EXPECTED[name].items()}
    assert set(wanted) <= set(table.header)
    yield from (column for column in table.header if guessed.get(column) != wanted.get(column))


def test_thirty_files_are_read_as_a_person_would() -> None:
    assert len(FILES) >= 30
    assert {path.name for path in FOLDER.iterdir() if path.suffix not in {".txt", ""}} == set(FILES)
    missed = {name: columns for name in FILES if (columns := list(wrong(name)))}
    number = sum(len(read(name).header) for name in FILES)
    right = 1 - sum(map(len, missed.values())) / number
    assert right >= 0.95, missed
    # What is known not to be right, so that it does not grow.
    assert missed == {}


@pytest.mark.parametrize("name", FILES)
def test_each_value_of_a_used_column_is_used_or_told(name: str) -> None:
    table, kind = read(name), kind_of(name)
    columns = mapping.guess(kind, table.header)
    assert columns
    for row in table.rows:
        parsed = mapping.parse_row(kind, table.header, columns, row.cells)
        told = [*parsed.values.values(), *map(put_into_words, (*parsed.hints, *parsed.problems))]
        known = set(spelled(" ".join(map(str, told))))
        for key, column in columns.items():
            # A country is translated, and a label says which field the phone beside it is for.
            if field_of(key) not in {"country", "phone_label"}:
                cell = row.cells[table.header.index(column)]
                assert set(spelled(cell)) <= known, (column, cell)
