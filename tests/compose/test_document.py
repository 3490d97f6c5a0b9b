"""A draft's tables as JSON: what a browser sends is never trusted."""

import json
from decimal import Decimal
from typing import Any

import pytest

from offorte_portal.compose.document import (
    MOST_ROWS,
    MOST_TABLES,
    BrokenDocumentError,
    Row,
    Table,
    dump_tables,
    load_tables,
    read_number,
    read_tables,
)
from offorte_portal.compose.totals import Vat


def write(*tables: Any) -> str:
    return json.dumps({"tables": tables})


def test_tables_survive_the_way_there_and_back() -> None:
    rows = [
        Row(text="Balk", html="<b>Balk</b>", count="2", price="3", vat="9", optional=True, checked=True),
        Row(type="discount", text="Korting", discount="10"),
        Row(type="subtotal", text="Subtotaal"),
        Row(type="title", text="Hout"),
    ]
    dumped = dump_tables([Table("t", Vat.WITHIN, rows)])
    assert load_tables(dumped) == [Table("t", Vat.WITHIN, rows)]
    assert dumped[0]["rows"][3] == {"type": "title", "text": "Hout"}
    assert read_tables(json.dumps({"tables": dumped, "company": "12", "contacts": []})) == load_tables(dumped)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"tables": 3}',
        '{"tables": [3]}',
        write({"id": "t"}),
        write({"id": 3, "rows": []}),
        write({"id": "x" * 256, "rows": []}),
        write({"id": "t", "vat": "never", "rows": []}),
        write({"id": "t", "rows": [{"type": "image"}]}),
        write({"id": "t", "rows": [{"type": "price", "text": 3}]}),
        write({"id": "t", "rows": [{"type": "price", "price": {"$gt": 0}}]}),
        write({"id": "t", "rows": [{"type": "price", "price": "9" * 61}]}),
        write({"id": "t", "rows": [{"type": "title", "text": "x" * 10_001}]}),
        write({"id": "t", "rows": [{"type": "title"}] * (MOST_ROWS + 1)}),
        write(*[{"id": "t", "rows": []}] * (MOST_TABLES + 1)),
        "[" * 100_000,
    ],
)
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(BrokenDocumentError):
        read_tables(text)


def test_three_hundred_rows_are_no_problem() -> None:
    rows = [{"type": "price", "text": "Balk", "count": "1", "price": "1", "vat": "21"}] * 300
    (table,) = read_tables(write({"id": "t", "rows": rows}))
    assert table.totals().net == 300


def test_flags_are_true_or_nothing_and_no_nul_gets_in() -> None:
    (table,) = read_tables(write({"id": "a\x00b", "rows": [{"type": "price", "optional": "yes", "checked": True}]}))
    assert (table.id, table.rows[0].optional, table.rows[0].checked) == ("ab", False, True)


@pytest.mark.parametrize("text", ["", "x", "~1.000", "1,5", "1e5", "NaN", "Infinity", " 1", "1.", "٣", "1\n"])
def test_only_plain_numbers_are_amounts(text: str) -> None:
    assert read_number(text) is None


def test_a_row_is_added_up_once_its_amounts_are_known() -> None:
    assert read_number("-12.50") == Decimal("-12.5")
    table = Table(rows=[Row(price="", vat="21"), Row(price="5", vat=""), Row(type="discount"), Row(price="7", vat="9")])
    assert table.totals().net == 7
    assert Row(price="5", vat="9", optional=True).line().counts is False  # type: ignore[union-attr]
    assert Row(price="5", vat="9", optional=True, checked=True).line().counts is True  # type: ignore[union-attr]
