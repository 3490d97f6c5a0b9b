"""Price tables as proposal details show them."""

from decimal import Decimal

from offorte_portal.simulator.pricing import PriceRow, PriceTable, add_up
from offorte_portal.simulator.records import Record
from offorte_portal.simulator.rendering.numbers import to_number
from offorte_portal.simulator.switches import Vintage


def render_table(table: PriceTable, *, vintage: Vintage, group_names: dict[Decimal, str], has_both: bool) -> Record:
    """A table with rows, settings, VAT lines and totals; `has_both` adds the old row names to the live ones."""
    totals = add_up(table)
    rows = [
        _row_2018(row, subtotal) if vintage == "2018" else _row_live(row, subtotal, has_both=has_both)
        for row, subtotal in zip(table.rows, totals.rows, strict=True)
    ]
    return {
        "id": table.id,
        "subtotal": to_number(totals.subtotal),
        "total": to_number(totals.total),
        "settings": {
            "vat_default_percentage": to_number(table.vat_default_percentage),
            "vat_hidden": table.is_vat_hidden,
            "rows_include_vat": table.has_vat_in_rows,
        },
        "rows": rows,
        "vat": [
            {
                "percentage": to_number(percentage),
                "total": to_number(amount),
                "group_name": group_names.get(percentage, f"Btw {to_number(percentage)}%"),
            }
            for percentage, amount in totals.vat
        ],
    }


def _row_2018(row: PriceRow, subtotal: Decimal | None) -> Record:
    """Only the keys that mean something for the row's type. A discount is a bare number, a percentage or an amount."""
    shown: Record = {"content": row.content, "type": row.type}
    if subtotal is not None:
        shown["subtotal"] = to_number(subtotal)
    if row.type in {"price", "discount"}:
        shown["discount"] = to_number(row.discount_value)
    if row.type == "price":
        shown |= {
            "count": to_number(row.quantity),
            "price": to_number(row.price),
            "vat_percentage": to_number(row.vat_percentage),
            "product_id": row.product_id,
            "sku": row.sku,
            **_old_choices(row),
        }
    return shown


def _row_live(row: PriceRow, subtotal: Decimal | None, *, has_both: bool) -> Record:
    """The same keys for every type of row."""
    shown: Record = {
        "unique_id": row.unique_id,
        "type": row.type,
        "content": row.content,
        "quantity": to_number(row.quantity),
        "price": to_number(row.price),
        "subtotal": None if subtotal is None else to_number(subtotal),
        "vat_percentage": to_number(row.vat_percentage),
        "discount_type": row.discount_type or False,
        "discount_value": to_number(row.discount_value),
        "product_id": row.product_id,
        "sku": row.sku,
        "selectable": row.is_optional,
        "user_selected": row.is_chosen,
        "user_quantity": row.has_user_quantity,
        "recurring_type": row.recurring_type,
        "recurring_include_in_totals": row.is_recurring_in_totals,
        "hide_price": row.is_price_hidden,
        "hide_quantity": row.is_quantity_hidden,
    }
    if has_both and row.type == "price":
        shown |= {"count": shown["quantity"], "discount": shown["discount_value"], **_old_choices(row)}
    return shown


def _old_choices(row: PriceRow) -> Record:
    return {
        "userinput_optional": row.is_optional,
        "userinput_optional_checked": row.is_chosen,
        "userinput_count": row.has_user_quantity,
    }
