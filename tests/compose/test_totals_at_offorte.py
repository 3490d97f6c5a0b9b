"""Price tables made at Offorte over HTTP: what it adds up is what the portal said before."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offorte_portal.compose.document import Row, Table
from offorte_portal.compose.mapping import to_row
from offorte_portal.compose.sources import write_number
from offorte_portal.compose.totals import Totals, Vat
from offorte_portal.simulator import Simulator
from tests.api.conftest import World
from tests.compose.tables import DISCOUNTS, RATES, TRICKY, amounts
from tests.support.length import usual_or_long

EXAMPLES = usual_or_long(75, 1000)
# Sums that a JSON number still tells to the cent: 25 rows of less than 10^12.
PRICES = st.one_of(TRICKY, amounts("-9999", "99999999", 4))
COUNTS = st.one_of(st.sampled_from([Decimal(1), Decimal(3), Decimal("0.3")]), amounts("0", "9999", 4))
PERCENT = st.builds(min, DISCOUNTS, st.just(Decimal(100)))
WRITTEN: dict[str, Any] = {"text": st.just("x")}
ROWS = st.lists(
    st.one_of(
        st.builds(
            Row,
            **WRITTEN,
            count=COUNTS.map(write_number),
            price=PRICES.map(write_number),
            vat=RATES.map(write_number),
            optional=st.booleans(),
            checked=st.booleans(),
            user_count=st.booleans(),
        ),
        st.builds(Row, st.just("discount"), **WRITTEN, discount=PERCENT.map(write_number)),
        st.builds(Row, st.sampled_from(["subtotal", "title"]), **WRITTEN),
    ),
    max_size=25,
)


@pytest.fixture
def world(simulator: Simulator) -> Iterator[World]:
    built = World(simulator)
    yield built
    built.transport.close()


def at_offorte(world: World, table: Table) -> dict[str, Any]:
    """The table as Offorte shows it once it was asked for; how it shows VAT its template decides, here the test."""
    asked: Any = {"id": table.id, "rows": [to_row(row) for row in table.rows]}
    company = next(iter(world.account.companies))
    made = world.client.create_proposal({"name": "x", "company_id": company, "content": {"pricetables": [asked]}})
    assert made.remote_id is not None
    (kept,) = world.account.proposals[made.remote_id]["pricetables"]
    kept.is_vat_hidden, kept.has_vat_in_rows = table.vat == Vat.HIDDEN, table.vat == Vat.WITHIN
    (told,) = world.client.get_proposal(made.remote_id).data["content"]["pricetables"]
    assert [row["type"] for row in told["rows"]] == [row.type for row in table.rows]
    return told  # type: ignore[no-any-return]


def as_told(totals: Totals) -> tuple[Any, ...]:
    """What the portal computed, as JSON has it; titles have no amount."""
    rows = [None if amount is None else float(amount) for amount in totals.rows]
    return rows, float(totals.net), [(float(rate), float(tax)) for rate, _base, tax in totals.vat], float(totals.total)


@pytest.mark.long
def test_tables_have_the_same_totals_at_offorte(world: World) -> None:
    @settings(max_examples=EXAMPLES, deadline=None)
    @given(ROWS, st.sampled_from(Vat))
    def check(rows: list[Row], vat: Vat) -> None:
        table = Table("pricetable1", vat, rows)
        told = at_offorte(world, table)
        vat_lines = [(line["percentage"], line["total"]) for line in told["vat"]]
        amounts_told = [row.get("subtotal") for row in told["rows"]]
        assert as_told(table.totals()) == (amounts_told, told["subtotal"], vat_lines, told["total"])

    check()
    assert sum(request.method == "POST" for request in world.simulator.requests) >= EXAMPLES
