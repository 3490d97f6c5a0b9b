"""Proposals of Sanne's at Offorte, mirrored."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User

from offorte_portal.connections.models import Connection
from offorte_portal.simulator.account import Account
from offorte_portal.simulator.pricing import PriceRow, PriceTable
from offorte_portal.sync import runs as run
from offorte_portal.sync.models import SyncRun
from tests.journeys.steps import PHONE, SIZES, run_sync
from tests.support.factories import link_by_address
from tests.support.feed import bring_up_to_date
from tests.support.length import usual_or_long

# Each size in one of the languages, and at full length in both.
EVERYWHERE = pytest.mark.parametrize(
    ("size", "language"),
    usual_or_long([(SIZES[0], "en"), (PHONE, "nl")], [(size, language) for size in SIZES for language in ("en", "nl")]),
    ids=lambda value: value if isinstance(value, str) else str(value["width"]),
)


def give(offorte: Account, name: str, value: int, rows: list[PriceRow] | None = None, *, is_sent: bool = True) -> int:
    """Make a proposal of Sanne's at Offorte; an open one that somebody received, or one in edit."""
    owner = next(key for key, user in offorte.users.items() if user["email"] == "sanne@bouw.example")
    person = next(one for one in offorte.people.values() if one["email"] and one["company_id"])
    usual = [PriceRow("price", "<p>Werk</p>", Decimal(1), Decimal(value), Decimal(21))]
    fields: dict[str, Any] = {
        "name": name,
        "contacts": [person["id"]],
        "account_user_id": owner,
        "pricetables": [PriceTable("t", rows or usual)],
    }
    made = offorte.create_proposal(person["company_id"], **fields)
    if is_sent:
        offorte.send_proposal(made["id"], message="Hierbij onze offerte")
    return int(made["id"])


def mirror(connect: Callable[..., Connection]) -> Connection:
    """Connect the account, read all of it, and work out where proposals stand."""
    connection = connect()
    run_sync(run.request(connection, trigger=SyncRun.Trigger.CONNECT, is_queued=False))
    for user in User.objects.filter(username="sanne"):
        link_by_address(user)
    bring_up_to_date()
    return connection
