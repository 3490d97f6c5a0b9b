"""The totals of a price table. `compose_totals.js` computes the same in the browser, in whole ten-thousandths.

The rule, rounded half away from zero to cents wherever an amount appears:

- The amount of a price row is quantity times price. It counts unless the row is optional and not preselected; what
  counts is the amount less the row's own discount.
- A discount row takes off a percentage of all that counts above it, or an amount, but never more than there is. What
  it takes off is spread over the VAT rates in proportion; the highest rate bears the rounding.
- A subtotal row shows what counts since the previous subtotal.
- VAT is computed once for each rate, over the sum of what counts at that rate: on top of it, or within it if the
  prices include VAT. If VAT is hidden there is none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum

ZERO, CENT, HUNDRED = Decimal("0.00"), Decimal("0.01"), Decimal(100)
# Enough digits to tell quotients of the largest amounts from a half.
DIGITS = 60


class Vat(StrEnum):
    """How the prices of a table treat VAT, which its template decides."""

    ON_TOP = "excl"
    WITHIN = "incl"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class PricedRow:
    """A row to add up; `discount` is a percentage unless `is_amount`."""

    type: str
    quantity: Decimal = ZERO
    price: Decimal = ZERO
    vat: Decimal = ZERO
    discount: Decimal = ZERO
    is_amount: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Totals:
    """`rows` holds the amount of each row, None for titles; `vat` (rate, base, amount) by rate.

    `listed` is what counts before any discount, `options` what is optional and not preselected.
    """

    rows: list[Decimal | None]
    net: Decimal
    vat: list[tuple[Decimal, Decimal, Decimal]]
    total: Decimal
    listed: Decimal
    options: Decimal

    @property
    def taken_off(self) -> Decimal:
        """The sum of all discounts."""
        return self.listed - (self.net if not self.vat else sum((base for _, base, _ in self.vat), ZERO))


def add_up(lines: Iterable[PricedRow], vat: Vat = Vat.ON_TOP) -> Totals:
    """Compute all amounts of one table by the rule of this module."""
    with localcontext() as context:
        context.prec = DIGITS
        return _Sum(vat).add(lines)


class _Sum:
    def __init__(self, vat: Vat) -> None:
        self.vat = vat
        self.rows: list[Decimal | None] = []
        self.bases: dict[Decimal, Decimal] = {}
        self.since_subtotal = self.listed = self.options = ZERO

    def add(self, lines: Iterable[PricedRow]) -> Totals:
        for line in lines:
            shown: Decimal | None = None
            if line.type == "price":
                shown = self._price(line)
            elif line.type == "discount":
                shown = self._discount(line)
            elif line.type == "subtotal":
                shown, self.since_subtotal = self.since_subtotal, ZERO
            self.rows.append(shown)
        counted = sum(self.bases.values(), ZERO)
        if self.vat == Vat.HIDDEN:
            return Totals(self.rows, counted, [], counted, self.listed, self.options)
        rates = [(rate, self.bases[rate], vat_of(self.bases[rate], rate, self.vat)) for rate in sorted(self.bases)]
        vat = sum((amount for _, _, amount in rates), ZERO)
        net, total = (counted - vat, counted) if self.vat == Vat.WITHIN else (counted, counted + vat)
        return Totals(self.rows, net, rates, total, self.listed, self.options)

    def _price(self, line: PricedRow) -> Decimal:
        amount = to_cents(line.quantity * line.price)
        if not line.counts:
            self.options += amount
            return amount
        counted = amount - taken(line, amount)
        self.bases[line.vat] = self.bases.get(line.vat, ZERO) + counted
        self.since_subtotal += counted
        self.listed += amount
        return amount

    def _discount(self, line: PricedRow) -> Decimal:
        whole = sum(self.bases.values(), ZERO)
        off = taken(line, whole)
        left = off
        rates = sorted(self.bases)
        for rate in rates[:-1]:
            share = to_cents(off * self.bases[rate] / whole) if whole else ZERO
            self.bases[rate] -= share
            left -= share
        for rate in rates[-1:]:
            self.bases[rate] -= left
        self.since_subtotal -= off
        return -off


def taken(line: PricedRow, amount: Decimal) -> Decimal:
    """Return what a discount takes off an amount: never more than the amount, and nothing if that is zero or less."""
    if amount <= 0:
        return ZERO
    off = line.discount if line.is_amount else amount * line.discount / HUNDRED
    return min(to_cents(off), amount)


def vat_of(base: Decimal, rate: Decimal, vat: Vat) -> Decimal:
    """Return the VAT on top of a base, or within it."""
    return to_cents(base * rate / (HUNDRED + rate if vat == Vat.WITHIN else HUNDRED))


def to_cents(amount: Decimal) -> Decimal:
    """Round half away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def discount_part(tables: Sequence[Totals]) -> Decimal:
    """Return all discounts as a percentage of the prices; 0 if there are no prices."""
    listed = sum((table.listed for table in tables), ZERO)
    off = sum((table.taken_off for table in tables), ZERO)
    return to_cents(off * HUNDRED / listed) if listed > 0 else ZERO
