"""Files are read as people meant them, or refused in a sentence that says what to do."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from offorte_portal.files.imports.reading import read_table, take
from offorte_portal.files.imports.table import Table, TableError
from offorte_portal.runs.reasons import put_into_words
from tests.files.imports.files import Rows, as_csv, as_workbook, saved

SIMPLE = [["Naam", "Plaats"], ["Café Zon", "Breda"], ["Müller & Zn", "Köln"]]


def read(file: io.BytesIO, name: str = "klanten.csv") -> Table:
    return read_table(take(file, name))


def cells(table: Table) -> list[list[str]]:
    return [row.cells for row in table.rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_csv_of_every_dialect(encoding: str, delimiter: str) -> None:
    table = read(as_csv(SIMPLE, encoding=encoding, delimiter=delimiter))
    assert table.header == SIMPLE[0]
    assert cells(table) == SIMPLE[1:]
    assert [row.number for row in table.rows] == [2, 3]


def test_commas_in_prices_are_no_delimiter() -> None:
    table = read(as_csv([["Product", "Prijs"], ["Balk", "12,50"], ["Lat", "3,10"]], delimiter=";"))
    assert cells(table) == [["Balk", "12,50"], ["Lat", "3,10"]]


def test_a_line_break_within_quotes_is_part_of_the_cell() -> None:
    table = read(as_csv([["Naam", "Adres"], ["A", "Straat 1\nBreda"], ["B", "x"]]))
    assert cells(table)[0] == ["A", "Straat 1\nBreda"]
    assert [row.number for row in table.rows] == [2, 3]


def test_excels_own_line_about_the_delimiter() -> None:
    assert cells(read(io.BytesIO(b"sep=;\r\nNaam;Plaats\r\nA;B, C\r\n"))) == [["A", "B, C"]]


def test_what_is_above_the_header_is_left_out_and_told() -> None:
    table = read(as_csv([["Klanten 2026"], [], ["Naam", "Plaats"], ["A", "B"]]))
    assert (table.header, cells(table)) == (["Naam", "Plaats"], [["A", "B"]])
    assert table.rows[0].number == 4
    assert "row 3" in put_into_words(table.notes[0])


def test_empty_rows_and_columns_are_left_out() -> None:
    table = read(as_csv([["", "Naam", "", "Plaats"], ["", "A", "", "B"], ["", "", "", ""], ["", "C", "", ""]]))
    assert (table.header, cells(table)) == (["Naam", "Plaats"], [["A", "B"], ["C", ""]])
    assert [row.number for row in table.rows] == [2, 4]


def test_a_column_without_a_name_is_kept_and_told() -> None:
    table = read(as_csv([["Naam", "Plaats", ""], ["A", "B", "rest"]]))
    assert table.header == ["Naam", "Plaats", "Column C"]
    assert "Column C" in put_into_words(table.notes[0])


def test_garbled_letters_are_told() -> None:
    table = read(io.BytesIO("Naam,Plaats\nCafé,Köln\n".encode().decode("cp1252").encode()))
    assert "look wrong" in put_into_words(table.notes[0])


def test_windows_letters_are_told() -> None:
    assert "Windows-1252" in put_into_words(read(as_csv(SIMPLE, encoding="cp1252")).notes[0])


def test_numbers_and_dates_of_a_workbook() -> None:
    moment = datetime(2026, 12, 31, 14, 30)  # noqa: DTZ001 - a spreadsheet knows no zones
    row: list[Any] = [1, 1.0, 0.1 + 0.2, 1e16, 0.21, 1234567, date(2026, 12, 31), moment, True]
    names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
    table = read(as_workbook([names, row], formats={"E2": "0%", "F2": "00000000"}), "x.xlsx")
    assert cells(table) == [
        ["1", "1", "0.3", "10000000000000000", "21%", "01234567", "2026-12-31", "2026-12-31 14:30:00", "true"]
    ]


def test_merged_cells_count_where_they_begin() -> None:
    rows: Rows = [["Klantenlijst", None, None], ["Naam", "Plaats", "Land"], ["A", None, "NL"]]
    table = read(as_workbook(rows, merge="A1:C1"), "x.xlsx")
    assert table.header == ["Naam", "Plaats", "Land"]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["Naam", "Plaats"], ["A", "Breda"], ["B", "Tilburg"]]:
        sheet.append(row)
    sheet.merge_cells("B2:B3")
    down = read(saved(book), "x.xlsx")
    assert cells(down) == [["A", "Breda"], ["B", ""]]
    assert "B2:B3" in put_into_words(down.notes[0])


def test_a_formula_without_its_result_is_a_problem_of_its_row() -> None:
    table = read(as_workbook([["Naam", "Prijs"], ["A", "=1+1"], ["B", 2]]), "x.xlsx")
    assert "Column B has a formula" in put_into_words(table.rows[0].problem)
    assert not table.rows[1].problem


def test_a_formula_with_its_result_is_its_result() -> None:
    content = as_workbook([["Naam", "Prijs"], ["A", "=1+1"]]).getvalue()
    table = read(io.BytesIO(rewritten(content, b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")), "x.xlsx")
    assert (cells(table), table.rows[0].problem) == ([["A", "2"]], None)


def test_an_error_of_the_spreadsheet_is_a_problem_of_its_row() -> None:
    content = as_workbook([["Naam", "Prijs"], ["A", "#REF!"]])
    assert "#REF!" in put_into_words(read(content, "x.xlsx").rows[0].problem)


def test_only_the_first_sheet_with_content_is_read() -> None:
    book = Workbook()
    book.create_sheet("Klanten").append(["Naam", "Plaats"])
    book["Klanten"].append(["A", "B"])
    table = read(saved(book), "x.xlsx")
    assert cells(table) == [["A", "B"]]
    assert "Klanten" in put_into_words(table.notes[0])


def test_the_type_is_told_by_what_is_in_the_file() -> None:
    assert cells(read(as_workbook(SIMPLE), "klanten.csv")) == SIMPLE[1:]


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "a.csv", "empty"),
        (b"\n\n ; \n", "a.csv", "empty"),
        (b"Naam,Plaats\n", "a.csv", "no rows"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "a.csv", "as a table"),
        (b"%PDF-1.7", "a.pdf", "as a table"),
        (b"Naam,Plaats\nA,\x81\n", "a.csv", "as a table"),
        (b"PK\x03\x04 and then nothing", "a.xlsx", "isn’t an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "old Excel file"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "password"),
        (b"A,info@a.example,12345\nB,info@b.example,6\n", "a.csv", "column names"),
        (b'Naam,Plaats\nA,"B\nC,D\n', "a.csv", "Row 2 has a quotation mark"),
        (b"Naam,Plaats\n" + b"A," + b"x" * 200_000, "a.csv", "Row 2 has a cell that is too long"),
        (b"x" * (10 * 1024 * 1024 + 1), "a.csv", "larger than"),
        (b"Naam,Plaats\n" + b"A,B\n" * 50_000, "a.csv", "You can import up to 10,000 at a time, so split"),
        (b"Naam,Plaats\n" + b"A,B\n" * 10_001, "a.csv", "The file has 10,001 rows"),
    ],
)
def test_refusals(content: bytes, name: str, why: str) -> None:
    with pytest.raises(TableError) as refused:
        read(io.BytesIO(content), name)
    assert why in put_into_words(refused.value.reason)


def test_a_workbook_with_50_000_rows_is_refused() -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["Naam", "Plaats"])
    for number in range(50_000):
        sheet.append([f"Bedrijf {number}", "Breda"])
    file = saved(book)
    with pytest.raises(TableError, match="value=50000"):
        read(file, "x.xlsx")


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    content = rewritten(as_workbook(SIMPLE).getvalue(), b"</sheetData>", b"</sheetData>" + b" " * (101 * 1024 * 1024))
    assert len(content) < 1024 * 1024
    with pytest.raises(TableError, match="too_large"):
        read(io.BytesIO(content), "x.xlsx")


def test_a_cell_far_to_the_right_holds_nobody_up() -> None:
    content = as_workbook(SIMPLE).getvalue()
    far = b"".join(b'<row r="%d"><c r="XFD%d" s="0"/></row>' % (row, row) for row in range(4, 3000))
    table = read(io.BytesIO(rewritten(content, b"</sheetData>", far + b"</sheetData>")), "x.xlsx")
    assert cells(table) == SIMPLE[1:]


def test_entities_in_a_workbook_are_not_read() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet'
    content = rewritten(as_workbook(SIMPLE).getvalue(), b"<worksheet", bomb)
    with pytest.raises(TableError, match="no_workbook"):
        read(io.BytesIO(content), "x.xlsx")


def rewritten(content: bytes, old: bytes, new: bytes) -> bytes:
    """A workbook with something else in the XML of its sheet."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            data = source.read(part)
            target.writestr(part, data.replace(old, new) if "worksheets" in part else data)
    return file.getvalue()
