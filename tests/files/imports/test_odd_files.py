"""Files that no program writes: refused in words, or read without what no database keeps."""

import time

import pytest

from offorte_portal.files.exports.cells import write_cell
from offorte_portal.files.imports.parsing import unguard
from offorte_portal.files.imports.reading import read_table
from offorte_portal.files.imports.table import TableError
from tests.files.imports.hostile import ROWS, workbook


@pytest.mark.parametrize("content", [workbook()[:-10], b"PK\x05\x06", b"PK\x03\x04PK\x05\x06"])
def test_a_workbook_that_was_cut_off_is_refused(content: bytes) -> None:
    with pytest.raises(TableError):
        read_table(content)


def test_escaped_characters_that_no_database_keeps_are_left_out() -> None:
    table = read_table(workbook(rows=ROWS.replace("Breda", "Bre_xD800_d_x0000_a")))
    assert "Breda" in {cell for row in table.rows for cell in row.cells}


@pytest.mark.parametrize("cell", ["@." * 20_000 + " x", "@" * 40_000, "a@" + "b." * 20_000, "1 " * 20_000 + "x"])
def test_a_long_header_is_looked_at_in_no_time(cell: str) -> None:
    began = time.process_time()
    read_table(f"Naam,{cell}\nZon,Breda\n".encode())
    assert time.process_time() - began < 1


@pytest.mark.parametrize("text", [" - bel terug", "＠home BV", "＝ x", "\n- regel", "-5", "+31 76 123 45 67", "Zon"])
def test_what_a_download_guards_comes_back_as_it_was(text: str) -> None:
    assert unguard(str(write_cell(text))) == text.strip()
