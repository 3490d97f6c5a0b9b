"""What a price row has to tell depends on its type, and on how old the service is that tells it."""

from typing import Any

import pytest

from proposals.mirror import DETAILS
from proposals.models import PriceRow
from tests.mirror.details import PRICE, TABLE, answer, apply

pytestmark = pytest.mark.django_db

ROWS = "content.pricetables.rows."
NEWER = {name.removeprefix(ROWS): key for name, key in DETAILS.items() if key.newer}


def tables(*rows: dict[str, Any]) -> dict[str, Any]:
    return answer(content={"pricetables": [{**TABLE, "rows": list(rows)}]})


def newer(row: dict[str, Any]) -> dict[str, Any]:
    return {NEWER[name].newer if name in NEWER else name: value for name, value in row.items()}


DISCOUNT = {"type": "discount", "content": "-", "discount": 5}


@pytest.mark.parametrize("kind", ["title", "subtotal", "discount", "somethingelse"])
def test_rows_of_other_types_have_no_price(account: int, kind: str) -> None:
    row = {"type": kind, "content": "B", **({"discount": 5} if kind == "discount" else {})}
    assert apply(account, tables(PRICE, row)) == []
    assert apply(account, tables(PRICE, {**row, "price": None, "count": ""}), minutes=1) == []


@pytest.mark.parametrize("row", [PRICE, DISCOUNT], ids=["price", "discount"])
def test_the_names_of_today_tell_as_much(account: int, row: dict[str, Any]) -> None:
    assert apply(account, tables(newer(row))) == []


@pytest.mark.parametrize("name", sorted(NEWER))
def test_a_row_without_a_name_of_today_keeps_what_is_known(account: int, name: str) -> None:
    row = newer(PRICE if NEWER[name].of == "price" else DISCOUNT)
    apply(account, tables(row))
    before = list(PriceRow.objects.values())
    del row[NEWER[name].newer]
    assert apply(account, tables(row), minutes=1) == [f"omitted:{ROWS}{name}"]
    assert list(PriceRow.objects.values()) == before


@pytest.mark.parametrize("nothing", [None, "", False])
def test_the_name_of_today_counts_where_both_come(account: int, nothing: Any) -> None:
    assert apply(account, tables({**PRICE, "quantity": nothing})) == [f"omitted:{ROWS}count"]
    assert PriceRow.objects.get().count == 3
    assert apply(account, tables({**PRICE, "quantity": 5, "count": nothing}), minutes=1) == []
    assert PriceRow.objects.get().count == 5


@pytest.mark.parametrize("nothing", [None, "", False])
def test_no_price_is_not_taken_for_a_price_of_none(account: int, nothing: Any) -> None:
    apply(account, tables(PRICE))
    apply(account, tables({**PRICE, "price": nothing}), minutes=1)
    assert PriceRow.objects.get().price == 100


def test_a_price_of_nothing_is_a_price(account: int) -> None:
    assert apply(account, tables({**PRICE, "price": 0, "subtotal": 0})) == []
    assert PriceRow.objects.get().price == 0


def test_a_row_that_was_not_known_is_shown_with_a_warning(account: int) -> None:
    row = {name: value for name, value in PRICE.items() if name != "price"}
    assert apply(account, tables(row)) == [f"omitted:{ROWS}price"]
    assert (PriceRow.objects.get().content, PriceRow.objects.get().price) == ("A", None)


def test_rows_with_ids_are_told_apart_by_them(account: int) -> None:
    apply(account, tables({**PRICE, "id": 1}, {**PRICE, "id": 2, "price": 7}))
    raw = tables({**PRICE, "id": 2, "price": None, "content": "B"}, {**PRICE, "id": 3})
    apply(account, raw, minutes=1)
    assert [f"{row.content} {row.price:.0f}" for row in PriceRow.objects.all()] == ["B 7", "A 100"]
