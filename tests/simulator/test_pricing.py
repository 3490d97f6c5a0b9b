"""Price tables add up to the cent."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from offorte_portal.simulator.pricing import PriceRow, PriceTable, add_up, sum_tables


def price(amount: str, *, vat: int = 21, quantity: str = "1", **fields: object) -> PriceRow:
    row = PriceRow("price", "", Decimal(quantity), Decimal(amount), Decimal(vat))
    for name, value in fields.items():
        setattr(row, name, value)
    return row


def discount(value: str, type: str = "percentage") -> PriceRow:
    is_amount = type == "amount"
    return PriceRow(
        "discount", "", discount_type="amount" if is_amount else "percentage", discount_value=Decimal(value)
    )


def amounts(*values: str) -> list[Decimal]:
    return [Decimal(value) for value in values]


def test_vat_per_percentage() -> None:
    totals = add_up(PriceTable("t", [price("100", quantity="3"), price("10.05", vat=9), price("5", vat=0)]))
    assert totals.rows == amounts("300", "10.05", "5")
    assert totals.vat == [(Decimal(0), Decimal(0)), (Decimal(9), Decimal("0.90")), (Decimal(21), Decimal(63))]
    assert (totals.subtotal, totals.total) == (Decimal("315.05"), Decimal("378.95"))


def test_prices_with_vat_in_them() -> None:
    totals = add_up(PriceTable("t", [price("121"), price("109", vat=9)], has_vat_in_rows=True))
    assert totals.vat == [(Decimal(9), Decimal(9)), (Decimal(21), Decimal(21))]
    assert (totals.subtotal, totals.total) == (Decimal(200), Decimal(230))


def test_hidden_vat() -> None:
    totals = add_up(PriceTable("t", [price("100")], is_vat_hidden=True))
    assert (totals.vat, totals.subtotal, totals.total) == ([], Decimal(100), Decimal(100))


def test_a_row_discount_leaves_the_row_and_lowers_the_table() -> None:
    row = price("100", quantity="3", discount_type="percentage", discount_value=Decimal(10))
    totals = add_up(PriceTable("t", [row, price("50", discount_type="amount", discount_value=Decimal(80))]))
    assert totals.rows == amounts("300", "50")
    assert totals.subtotal == Decimal(270)


def test_discount_rows_take_from_all_above() -> None:
    totals = add_up(PriceTable("t", [price("100"), price("50", vat=9), discount("10"), price("100")]))
    assert totals.rows == amounts("100", "50", "-15", "100")
    assert totals.subtotal == Decimal(235)
    assert totals.vat == [(Decimal(9), Decimal("4.05")), (Decimal(21), Decimal("39.90"))]


def test_an_amount_is_never_more_than_there_is() -> None:
    totals = add_up(PriceTable("t", [price("100"), discount("250", "amount")]))
    assert totals.rows == amounts("100", "-100")
    assert totals.total == 0


def test_subtotals_restart() -> None:
    subtotal = PriceRow("subtotal", "")
    rows = [PriceRow("title", ""), price("10"), price("5"), subtotal, price("7"), discount("50"), subtotal]
    assert add_up(PriceTable("t", rows)).rows == [None, *amounts("10", "5", "15", "7", "-11", "-4")]


def test_optional_rows_count_when_chosen() -> None:
    rows = [price("10"), price("5", is_optional=True), price("3", is_optional=True, is_chosen=True)]
    totals = add_up(PriceTable("t", rows))
    assert totals.rows == amounts("10", "5", "3")
    assert totals.subtotal == Decimal(13)


def test_recurring_rows_outside_the_totals() -> None:
    rows = [price("10", recurring_type="monthly"), price("5", recurring_type="yearly", is_recurring_in_totals=False)]
    assert add_up(PriceTable("t", rows)).subtotal == Decimal(10)


def test_a_proposal_sums_its_tables() -> None:
    assert sum_tables([PriceTable("a", [price("10")]), PriceTable("b", [price("2.50")])]) == Decimal("12.50")
    assert sum_tables([]) == 0


ROWS = st.one_of(
    st.builds(
        price,
        st.decimals(0, 100_000, places=2).map(str),
        vat=st.sampled_from([0, 9, 21]),
        quantity=st.sampled_from(["1", "0.75", "36"]),
        is_optional=st.booleans(),
        is_chosen=st.booleans(),
    ),
    st.builds(discount, st.integers(0, 100).map(str), st.sampled_from(["amount", "percentage"])),
    st.just(PriceRow("subtotal", "")),
)


@given(st.lists(ROWS, max_size=12), st.booleans())
def test_parts_and_whole_agree(rows: list[PriceRow], has_vat: bool) -> None:
    """What counts, less discounts, is the table's subtotal (or total), and VAT makes up the difference."""
    totals = add_up(PriceTable("t", rows, has_vat_in_rows=has_vat))
    parts = sum(
        (
            amount
            for row, amount in zip(rows, totals.rows, strict=True)
            if amount and (row.counts or row.type == "discount")
        ),
        Decimal(0),
    )
    assert parts == (totals.total if has_vat else totals.subtotal)
    assert totals.total - totals.subtotal == sum(amount for _, amount in totals.vat)
    assert totals.subtotal >= 0
