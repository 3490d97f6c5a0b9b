"""Price tables for tests, made by chance, as the portal and as the simulator have them."""

from decimal import Decimal

from hypothesis import strategies as st

from offorte_portal.compose.totals import PricedRow, Vat
from offorte_portal.simulator import pricing


def amounts(least: str, most: str, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(least, most, places=places, allow_nan=False, allow_infinity=False)


QUANTITIES = st.one_of(st.sampled_from([Decimal(1), Decimal(3), Decimal("0.3")]), amounts("-5", "9999999", 4))
TRICKY = st.sampled_from([Decimal("0.1"), Decimal("0.2"), Decimal("99.995")])
PRICES = st.one_of(TRICKY, amounts("-9999", "9999999999", 4))
# Rates that divide well, badly and not at all.
RATES = st.sampled_from([Decimal(text) for text in ("0", "6", "9", "21", "5.5", "7.7")])
DISCOUNTS = st.one_of(st.sampled_from([Decimal(0), Decimal(100), Decimal(150)]), amounts("0", "100", 4))

PRICE_LINES = st.builds(
    PricedRow,
    st.just("price"),
    QUANTITIES,
    PRICES,
    RATES,
    st.one_of(st.just(Decimal(0)), DISCOUNTS),
    is_amount=st.booleans(),
    counts=st.booleans(),
)
DISCOUNT_LINES = st.builds(PricedRow, st.just("discount"), discount=DISCOUNTS, is_amount=st.booleans())
OTHER_LINES = st.sampled_from([PricedRow("subtotal"), PricedRow("title")])
LINES = st.lists(st.one_of(PRICE_LINES, PRICE_LINES, DISCOUNT_LINES, OTHER_LINES), max_size=25)
# What Offorte takes of somebody who creates: no amounts off, no discounts of rows.
PLAIN_LINES = st.lists(
    st.one_of(
        st.builds(PricedRow, st.just("price"), QUANTITIES, PRICES, RATES, counts=st.booleans()),
        st.builds(PricedRow, st.just("discount"), discount=DISCOUNTS),
        OTHER_LINES,
    ),
    max_size=25,
)
VATS = st.sampled_from(Vat)


def simulated(lines: list[PricedRow], vat: Vat) -> pricing.PriceTable:
    """The same table in the simulator."""
    rows = [
        pricing.PriceRow(
            line.type,  # type: ignore[arg-type]
            "",
            line.quantity,
            line.price,
            line.vat,
            discount_type="amount" if line.is_amount else "percentage",
            discount_value=line.discount,
            is_optional=True,
            is_chosen=line.counts,
        )
        for line in lines
    ]
    return pricing.PriceTable("t", rows, is_vat_hidden=vat == Vat.HIDDEN, has_vat_in_rows=vat == Vat.WITHIN)
