"""CSV for spreadsheets: nothing in it is a formula, and it is written while it is read."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from offorte_portal.adminkit.spreadsheet import stream_csv, write_cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_is_never_a_formula(start: str) -> None:
    assert write_cell(f"{start}1+1") == f"'{start}1+1"
    assert write_cell(f"a{start}") == f"a{start}"


def test_values_are_written_as_spreadsheets_read_them() -> None:
    moment = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    values = (None, -5, Decimal("-1.50"), True, moment, "")
    assert [write_cell(value) for value in values] == ["", -5, "-1.50", True, "2026-03-02 10:30:00", ""]


def test_rows_are_read_while_they_are_sent() -> None:
    read = []

    def rows() -> Iterator[list[object]]:
        for number in range(3):
            read.append(number)
            yield [number, 'says "hi", twice']

    response = stream_csv("prices", ["=a", "b"], rows())
    assert response["Content-Disposition"] == 'attachment; filename="prices.csv"'
    parts = iter(response)
    assert next(parts).decode() == "\ufeff'=a,b\r\n"
    assert read == []
    assert next(parts).decode() == '0,"says ""hi"", twice"\r\n'
    assert read == [0]
