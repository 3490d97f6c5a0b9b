"""Price tables and how they are added up.

The rule, in exact decimals, rounded half up to cents wherever an amount appears:

- A price row's `subtotal` is quantity times price, before its own discount (as in the reference's example).
- A price row counts unless it is optional and not chosen, or recurring and kept out of the totals. What counts
  is its subtotal less its own discount: a percentage of the subtotal, or an amount for the whole row.
- A discount row takes a percentage of all that counts above it in its table, or an amount, never more than
  there is. It is spread over the VAT percentages in proportion; its `subtotal` is the amount taken, negative.
- A subtotal row's `subtotal` is what was added and taken off since the previous subtotal row. A title has none.
- VAT is computed once for each percentage over the sum of what counts: `net * p / 100`, or `gross * p / (100 + p)`
  when the rows include VAT. The table's `subtotal` is without VAT and its `total` with it.
- With VAT hidden no VAT is computed: there are no VAT lines, and `total` equals `subtotal`.

A proposal's total is the sum of its tables' subtotals (without VAT) unless a person filled in another value.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

RowType = Literal["price", "discount", "subtotal", "title"]
DiscountType = Literal["", "amount", "percentage"]

ZERO = Decimal("0.00")
ONE = Decimal(1)
CENT = Decimal("0.01")
HUNDRED = Decimal(100)


@dataclass(slots=True)
class PriceRow:
    """One row; which fields mean something depends on its type."""

    type: RowType
    content: str
    quantity: Decimal = ONE
    price: Decimal = ZERO
    vat_percentage: Decimal = ZERO
    discount_type: DiscountType = ""
    discount_value: Decimal = ZERO
    is_optional: bool = False
    is_chosen: bool = False
    has_user_quantity: bool = False
    product_id: int | None = None
    sku: str = ""
    unique_id: str = ""
    recurring_type: str | None = None
    is_recurring_in_totals: bool = True
    is_price_hidden: bool = False
    is_quantity_hidden: bool = False

    @property
    def counts(self) -> bool:
        """Whether the row is part of the totals."""
        is_left_out = self.recurring_type is not None and not self.is_recurring_in_totals
        return self.type == "price" and not is_left_out and (self.is_chosen or not self.is_optional)


@dataclass(slots=True)
class PriceTable:
    """Rows with the settings that say how they are added up."""

    id: str
    rows: list[PriceRow] = field(default_factory=list)
    vat_default_percentage: Decimal = Decimal(21)
    is_vat_hidden: bool = False
    has_vat_in_rows: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a table; `rows` holds each row's subtotal, None for titles."""

    rows: list[Decimal | None]
    subtotal: Decimal
    vat: list[tuple[Decimal, Decimal]]
    total: Decimal


def to_cents(amount: Decimal) -> Decimal:
    """Round half up to two decimals."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def add_up(table: PriceTable) -> Totals:
    """Compute all amounts of a table by the rule of this module."""
    rows: list[Decimal | None] = []
    by_vat: dict[Decimal, Decimal] = {}
    since_subtotal = ZERO
    for row in table.rows:
        if row.type == "price":
            amount = to_cents(row.quantity * row.price)
            rows.append(amount)
            if row.counts:
                net = amount - _taken_off(row, amount)
                by_vat[row.vat_percentage] = by_vat.get(row.vat_percentage, ZERO) + net
                since_subtotal += net
        elif row.type == "discount":
            taken = _taken_off(row, sum(by_vat.values(), ZERO))
            _spread(taken, by_vat)
            rows.append(-taken)
            since_subtotal -= taken
        elif row.type == "subtotal":
            rows.append(since_subtotal)
            since_subtotal = ZERO
        else:
            rows.append(None)
    return _with_vat(table, rows, by_vat)


def _taken_off(row: PriceRow, amount: Decimal) -> Decimal:
    if not row.discount_type or amount <= 0:
        return ZERO
    if row.discount_type == "percentage":
        return min(to_cents(amount * row.discount_value / HUNDRED), amount)
    return min(to_cents(row.discount_value), amount)


def _spread(taken: Decimal, by_vat: dict[Decimal, Decimal]) -> None:
    """Take an amount from the sums in proportion; the last one bears the rounding."""
    whole = sum(by_vat.values(), ZERO)
    left = taken
    percentages = sorted(by_vat)
    for percentage in percentages[:-1]:
        share = to_cents(taken * by_vat[percentage] / whole) if whole else ZERO
        by_vat[percentage] -= share
        left -= share
    if percentages:
        by_vat[percentages[-1]] -= left


def _with_vat(table: PriceTable, rows: list[Decimal | None], by_vat: dict[Decimal, Decimal]) -> Totals:
    counted = sum(by_vat.values(), ZERO)
    if table.is_vat_hidden:
        return Totals(rows, counted, [], counted)
    parts = {p: p / (HUNDRED + p) if table.has_vat_in_rows else p / HUNDRED for p in sorted(by_vat)}
    vat = [(p, to_cents(by_vat[p] * part)) for p, part in parts.items()]
    vat_total = sum((amount for _, amount in vat), ZERO)
    if table.has_vat_in_rows:
        return Totals(rows, counted - vat_total, vat, counted)
    return Totals(rows, counted, vat, counted + vat_total)


def sum_tables(tables: list[PriceTable]) -> Decimal:
    """The value of a proposal: its tables' subtotals, without VAT."""
    return sum((add_up(table).subtotal for table in tables), ZERO)
