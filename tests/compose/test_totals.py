"""What price tables add up to: to the cent what Offorte makes of them."""

from decimal import Decimal

import pytest
from hypothesis import given, settings

from offorte_portal.compose.totals import PricedRow, Totals, Vat, add_up, discount_part
from offorte_portal.simulator import pricing
from tests.compose.tables import LINES, VATS, simulated
from tests.support.length import usual_or_long


@pytest.mark.long
@settings(max_examples=usual_or_long(100, 1000), deadline=None)
@given(LINES, VATS)
def test_tables_add_up_as_at_offorte(lines: list[PricedRow], vat: Vat) -> None:
    theirs, ours = pricing.add_up(simulated(lines, vat)), add_up(lines, vat)
    assert ours.rows == theirs.rows
    assert (ours.net, ours.total) == (theirs.subtotal, theirs.total)
    assert [(rate, amount) for rate, _, amount in ours.vat] == theirs.vat


def price(price: str, vat: str = "21", quantity: str = "1", **more: object) -> PricedRow:
    return PricedRow("price", Decimal(quantity), Decimal(price), Decimal(vat), **more)  # type: ignore[arg-type]


def off(percent: str, **more: object) -> PricedRow:
    return PricedRow("discount", discount=Decimal(percent), **more)  # type: ignore[arg-type]


def test_tenths_are_added_exactly() -> None:
    assert add_up([price("0.1"), price("0.2")]).net == Decimal("0.30")


def test_halves_of_cents_are_rounded_away_from_zero() -> None:
    assert add_up([price("0.005"), price("-0.005")]).rows == [Decimal("0.01"), Decimal("-0.01")]


def test_amounts_of_ten_digits_lose_nothing() -> None:
    totals = add_up([price("9999999999.99", quantity="9999999")])
    assert totals.net == Decimal("99999989999900000.01").quantize(Decimal("0.01"))


def test_an_option_counts_only_when_it_is_chosen() -> None:
    totals = add_up([price("100"), price("40", counts=False)])
    assert (totals.net, totals.options, totals.rows) == (Decimal(100), Decimal(40), [Decimal(100), Decimal(40)])


def test_a_discount_is_never_more_than_there_is() -> None:
    assert add_up([price("80"), off("150")]).net == 0
    assert add_up([price("80"), off("100")]).net == 0
    assert add_up([price("80"), off("0")]).net == 80
    assert add_up([off("10")]).rows == [Decimal(0)]
    assert add_up([price("80"), off("100", is_amount=True)]).rows == [Decimal(80), Decimal(-80)]


def test_a_discount_is_spread_over_the_rates_to_the_cent() -> None:
    totals = add_up([price("10", "9"), price("20", "21"), off("33.33")])
    assert totals.rows[-1] == Decimal("-10.00")
    lines = [(rate, base) for rate, base, _ in totals.vat]
    assert lines == [(Decimal(9), Decimal("6.67")), (Decimal(21), Decimal("13.33"))]


def test_vat_within_prices_is_taken_out_of_them() -> None:
    totals = add_up([price("121")], Vat.WITHIN)
    assert (totals.net, totals.total) == (Decimal(100), Decimal(121))
    # Where another rounding than an exact one would lose a cent.
    assert add_up([price("0.14", "12")], Vat.WITHIN).vat[0][2] == Decimal("0.02")


def test_where_vat_is_hidden_there_is_none() -> None:
    totals = add_up([price("121")], Vat.HIDDEN)
    assert (totals.net, totals.vat, totals.total) == (Decimal(121), [], Decimal(121))


def test_all_discounts_together_are_a_part_of_the_prices() -> None:
    tables = [add_up([price("100", discount=Decimal(10)), off("10")]), add_up([price("100")], Vat.HIDDEN)]
    assert [table.taken_off for table in tables] == [Decimal(19), Decimal(0)]
    assert discount_part(tables) == Decimal("9.50")
    assert discount_part([add_up([])]) == 0
    assert discount_part([add_up([price("121"), off("50")], Vat.WITHIN)]) == 50


def test_subtotals_begin_anew_and_titles_have_no_amount() -> None:
    rows = add_up([price("5"), PricedRow("subtotal"), price("7"), PricedRow("title"), PricedRow("subtotal")]).rows
    assert rows == [5, 5, 7, None, 7]


def test_nothing_adds_up_to_nothing() -> None:
    zero = Decimal("0.00")
    assert add_up([]) == Totals([], zero, [], zero, zero, zero)
