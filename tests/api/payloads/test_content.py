from decimal import Decimal

import pytest

from offorte_portal.api.payloads import PriceRowPayload, PriceTablePayload, VatLinePayload

READ_ROW = {
    "type": "price",
    "content": "<p>Product Awesome</p>",
    "count": Decimal(3),
    "price": Decimal(100),
    "subtotal": Decimal(300),
    "vat_percentage": Decimal(21),
    "discount": Decimal(10),
    "product_remote_id": 990,
    "sku": "2452345",
    "userinput_optional": True,
    "userinput_optional_checked": False,
    "userinput_count": True,
}
OLD_ROW = {
    "content": "<p>Product Awesome</p>",
    "count": 3,
    "price": 100,
    "subtotal": 300,
    "vat_percentage": 21,
    "type": "price",
    "discount": 10,
    "product_id": 990,
    "sku": "2452345",
    "userinput_optional": True,
    "userinput_optional_checked": False,
    "userinput_count": True,
}
LIVE_ROW = {
    "unique_id": "r1",
    "content": "<p>Product Awesome</p>",
    "quantity": "3.000",
    "price": "100.00",
    "subtotal": 300,
    "vat_percentage": 21,
    "type": "price",
    "discount_type": "percentage",
    "discount_value": 10,
    "product_id": "990",
    "sku": "2452345",
    "selectable": 1,
    "user_selected": 0,
    "user_quantity": "true",
    "recurring_type": None,
    "recurring_include_in_totals": True,
    "hide_price": False,
    "hide_quantity": False,
}


def test_a_row_of_the_reference() -> None:
    assert PriceRowPayload.read(OLD_ROW).values == READ_ROW


def test_a_row_of_the_live_service() -> None:
    assert PriceRowPayload.read(LIVE_ROW).values == {**READ_ROW, "discount_type": "percentage"}


def test_the_newer_name_counts_where_both_come() -> None:
    old = {"count": 1, "discount": 1, "userinput_optional": False, "userinput_optional_checked": True}

    assert PriceRowPayload.read({**old, "userinput_count": False, **LIVE_ROW}).values == {
        **READ_ROW,
        "discount_type": "percentage",
    }


def test_no_discount_is_none() -> None:
    reading = PriceRowPayload.read({"discount_type": False, "discount_value": 0})

    assert reading.values == {"discount_type": None, "discount": 0}


def test_a_price_table_with_its_settings() -> None:
    vat = [{"percentage": 21, "total": 100, "group_name": "Vat21"}]
    raw = {
        "id": "pricetable1",
        "subtotal": 1000,
        "total": "1210.00",
        "settings": {"vat_default_percentage": 21, "vat_hidden": False, "rows_include_vat": "false"},
        "rows": [OLD_ROW],
        "vat": vat,
    }

    assert PriceTablePayload.read(raw).values == {
        "key": "pricetable1",
        "subtotal": Decimal(1000),
        "total": Decimal("1210.00"),
        "vat_default_percentage": Decimal(21),
        "is_vat_hidden": False,
        "rows_include_vat": False,
        "vat_lines": vat,
    }


@pytest.mark.parametrize("told", [[], None, "none"])
def test_a_price_table_without_settings(told: object) -> None:
    assert PriceTablePayload.read({"id": 5, "settings": told}).values == {"key": "5"}


def test_settings_do_not_hide_what_the_table_says() -> None:
    raw = {"id": "pricetable1", "total": 5, "settings": {"id": 3, "total": 9, "vat_hidden": True}}

    assert PriceTablePayload.read(raw).values == {"key": "pricetable1", "total": 5, "is_vat_hidden": True}


def test_a_vat_line() -> None:
    assert VatLinePayload.read({"percentage": 21, "total": "100", "group_name": "Vat21"}).values == {
        "percentage": Decimal(21),
        "total": Decimal(100),
        "group_name": "Vat21",
    }
