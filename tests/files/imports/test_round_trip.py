"""Whatever is written as CSV in any dialect, or as a workbook, is read back as the same cells."""

import string
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from offorte_portal.files.imports.reading import read_table
from tests.files.imports.files import as_csv, as_workbook

WINDOWS = "".join(bytes([code]).decode("cp1252", "ignore") for code in range(32, 256))
LETTERS = st.text(string.ascii_letters, min_size=1, max_size=8)
# What Windows-1252 has, line breaks, and every delimiter and quotation mark in turn.
TEXT = st.text(st.sampled_from(WINDOWS + "\n,;\t|\"'"), max_size=12)
ANY = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")


def is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


@st.composite
def tables(draw: st.DrawFn, cell: st.SearchStrategy[Any]) -> list[list[Any]]:
    """Names of columns that differ, and rows with something in the first cell."""
    header = draw(st.lists(LETTERS, min_size=2, max_size=5, unique_by=str.casefold))
    row = st.tuples(LETTERS, *(cell for _ in header[1:])).map(list)
    return [header, *draw(st.lists(row, min_size=1, max_size=6))]


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    tables(TEXT), st.sampled_from(ENCODINGS), st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["\n", "\r\n"])
)
def test_csv(rows: list[list[str]], encoding: str, delimiter: str, newline: str) -> None:
    content = as_csv(rows, encoding=encoding, delimiter=delimiter, newline=newline).getvalue()
    # Bytes that happen to be UTF-8 as well, such as those of "Â" before a no-break space, are read as that.
    assume(encoding != "cp1252" or content.isascii() or not is_utf8(content))
    table = read_table(content)
    assert [table.header, *(row.cells for row in table.rows)] == rows
    assert [row.number for row in table.rows] == list(range(2, len(rows) + 1))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables(ANY.filter(lambda text: not text.startswith("=") and not text.startswith("#"))))
def test_workbook_text(rows: list[list[str]]) -> None:
    table = read_table(as_workbook(rows).getvalue())
    assert [table.header, *(row.cells for row in table.rows)] == rows


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    tables(
        st.one_of(st.integers(-(10**12), 10**12), st.decimals(-(10**9), 10**9, places=3), st.dates(date(1901, 1, 1)))
    )
)
def test_workbook_numbers_and_dates(rows: list[list[Any]]) -> None:
    table = read_table(as_workbook(rows).getvalue())
    for row, written in zip(table.rows, rows[1:], strict=True):
        for cell, value in zip(row.cells, written, strict=True):
            if isinstance(value, int | Decimal):
                assert Decimal(cell) == value
                assert "e" not in cell.lower()
            else:
                assert cell == str(value)
