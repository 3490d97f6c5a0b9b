"""What the discounts of rows in a price table take off, as far as Offorte's own amounts prove it.

The reference says neither whether a row's amount is before or after its discount, nor whether a discount without a type
is a percentage or an amount. So:

1. A row is understood if its amount is quantity times price, or that less its discount. What is left is what counts.
2. Discounts without a type are read in the way in which the rows add up to the table's own sum.
3. Everything else stays as Offorte gave it.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from proposals.models import PriceRow, PriceTable

PERCENTAGE = "percentage"
AMOUNT = "amount"
KINDS = (PERCENTAGE, AMOUNT)

ZERO, CENT, HUNDRED = Decimal(0), Decimal("0.01"), Decimal(100)


@dataclass(frozen=True)
class Discounted:
    """The price of a row by the list, and what its discount takes off."""

    listed: Decimal
    off: Decimal

    @property
    def left(self) -> Decimal:
        return self.listed - self.off


def read_row(row: PriceRow, untyped: str = "") -> Discounted | None:
    """Return a row's discount; None where there is none or the row is not understood.

    `untyped` is what a discount without a type is taken for: "percentage", "amount", or "" while that is unknown.
    """
    if row.subtotal is None or row.count is None or row.price is None or not row.discount or row.discount < 0:
        return None
    listed, amount = _to_cents(row.count * row.price), _to_cents(row.subtotal)
    if listed <= 0:
        return None
    kind = row.discount_type or untyped
    possible = [Discounted(listed, _take(listed, row.discount, each)) for each in ((kind,) if kind else KINDS)]
    if after := next((each for each in possible if each.left == amount), None):
        return after
    return possible[0] if kind and amount == listed else None


def find_untyped(table: PriceTable) -> list[str]:
    """Return the ways to read discounts without a type in which the rows add up to the table's own sum."""
    own = find_sum(table)
    if own is None or not any(row.discount and not row.discount_type for row in table.rows.all()):
        return []
    return [kind for kind in KINDS if (added := add_rows(table, kind)) is not None and is_rounding(table, own - added)]


def add_rows(table: PriceTable, untyped: str = "") -> Decimal | None:
    """Return what the rows that count add up to, after their discounts; None where that is unknown."""
    whole = ZERO
    for row in table.rows.all():
        if row.type in {PriceRow.Type.TITLE, PriceRow.Type.SUBTOTAL} or is_left_out(row):
            continue
        if row.type == PriceRow.Type.DISCOUNT:
            amount = find_taken(row)
            amount = None if amount is None else -abs(amount)
        else:
            understood = read_row(row, untyped)
            amount = understood.left if understood else row.subtotal
        if amount is None or (row.userinput_optional and row.userinput_optional_checked is None):
            return None
        whole += amount
    return whole


def find_taken(row: PriceRow) -> Decimal | None:
    """Return what a discount row takes off, with whatever sign Offorte gives it; None where that is unknown."""
    return row.discount if row.subtotal is None and row.discount_type == AMOUNT else row.subtotal


def find_sum(table: PriceTable) -> Decimal | None:
    """Return the sum of the table that its rows should add up to: with VAT if their prices include it."""
    if table.is_vat_hidden:
        return table.total if table.subtotal is None else table.subtotal
    if table.rows_include_vat is None:
        return None
    return table.total if table.rows_include_vat else table.subtotal


def is_rounding(table: PriceTable, difference: Decimal) -> bool:
    """Return whether so small a difference comes from rounding: at most a cent a row."""
    return abs(difference) <= CENT * len(table.rows.all())


def is_left_out(row: PriceRow) -> bool:
    """Return whether the prospect has not chosen an optional row."""
    return bool(row.userinput_optional) and row.userinput_optional_checked is False


def _take(listed: Decimal, discount: Decimal, kind: str) -> Decimal:
    off = listed * discount / HUNDRED if kind == PERCENTAGE else discount
    return min(_to_cents(off), listed)


def _to_cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
