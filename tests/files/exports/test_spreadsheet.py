"""CSV for spreadsheets: nothing in it is a formula, and it is written while it is read."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from offorte_portal.files.exports.cells import write_cell
from offorte_portal.files.exports.spreadsheet import stream_csv


@pytest.mark.parametrize(
    "start",
    [
        "=",
        "+",
        "-",
        "@",
        "\t",
        "\r",
        "\n",
        "＝",
        "＋",
        "－",
        "＠",
        " =",
        "  +",
        "\u00a0-",
        "\n=",
        "\u3000＝",
        "+31 76=",
        "+1*",
    ],
)
def test_text_is_never_a_formula(start: str) -> None:
    assert write_cell(f"{start}1+1") == f"'{start}1+1"
    assert write_cell(f"a{start}") == f"a{start}"


@pytest.mark.parametrize(
    "text",
    [
        "+31 76 123 45 67",
        "+31761234567",
        "+31 (0)76 123 45 67",
        "+31.76.123.45.67",
        "+49 (89) 123-456",
        "+31 76-1234567",
    ],
)
def test_a_phone_number_stays_as_it_is(text: str) -> None:
    assert write_cell(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "+31-76-1234567",
        "+1/2",
        "+31 - 761234567",
        "+12345678901234567",
        "+31",
        "+31 76 123 45 67 ext",
        "+1+2345678",
        "-31 76 1",
    ],
)
def test_what_could_be_a_sum_is_no_phone_number(text: str) -> None:
    assert write_cell(text) == f"'{text}"


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
