"""Proposals with price rows, for tests of what is remembered of them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from offorte_portal.connections.models import Connection
from proposals.models import PriceRow, PriceTable, Proposal
from tests.support.factories import AS_OF, make_proposal

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def offer(
    connection: Connection, *rows: dict[str, Any], days_ago: int = 0, incl: bool = False, **fields: Any
) -> Proposal:
    """A proposal with these rows in one table, created so many days ago."""
    fields = {"remote_created_at": NOW - days_ago * DAY, "details_as_of": AS_OF} | fields
    proposal = make_proposal(connection, **fields)
    table = PriceTable.objects.create(proposal=proposal, key="a", position=0, rows_include_vat=incl)
    for position, row in enumerate(rows):
        PriceRow.objects.create(table=table, position=position, **({"type": "price", "count": 1} | row))
    return proposal


def row(price: object, text: str = "Vuren balk", **fields: Any) -> dict[str, Any]:
    """A price row as Offorte has it; a product's id is `product`."""
    fields = {"product_remote_id": fields.pop("product", None), "vat_percentage": Decimal(21)} | fields
    return {"content": f"<p>{text}</p>", "price": None if price is None else Decimal(str(price)), **fields}
