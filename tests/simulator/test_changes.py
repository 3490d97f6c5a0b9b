"""The account's own changes: what tests do in place of Offorte's screens."""

from decimal import Decimal
from typing import Any

import pytest

from offorte_portal.simulator import Size
from offorte_portal.simulator.account import Account
from offorte_portal.simulator.pricing import PriceRow, PriceTable


def test_new_prices_make_a_new_version(account: Account) -> None:
    before = account.render_proposal_item(1001)
    tables = [PriceTable("pricetable1", [PriceRow("price", "<p>A</p>", Decimal(2), Decimal("12.50"))])]
    account.update_proposal(1001, pricetables=tables, price_total_override=None)
    after = account.render_proposal_item(1001)
    assert after["price_total"] == 25
    assert after["version_id"] > before["version_id"]


def test_winning_has_a_date_and_a_line_in_the_log(account: Account) -> None:
    id = account.create_proposal(1001, name="P")["id"]
    account.update_proposal(id, status="won")
    assert account.proposals[id]["won_at"] == account.proposals[id]["modified_at"]
    assert account.render_proposal_details(id)["logs"]["history"][0]["action"] == "proposal: status won"
    account.update_proposal(id, status="open")
    assert account.proposals[id]["won_at"] is None


def test_nothing_changed_is_no_change(account: Account) -> None:
    before = account.proposals[1001]["modified_at"]
    account.update_proposal(1001, name=account.proposals[1001]["name"])
    assert account.proposals[1001]["modified_at"] == before


@pytest.mark.parametrize(
    ("change", "arguments"),
    [
        ("create_person", {"company_id": 1, "fullname": "A"}),
        ("create_product", {"directory_id": 1, "name": "A"}),
        ("create_proposal", {"company_id": 1, "name": "A"}),
        ("update_company", {"id": 1001, "colour": "red"}),
    ],
)
def test_what_does_not_exist(account: Account, change: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(KeyError):
        getattr(account, change)(**arguments)


def test_no_such_status(account: Account) -> None:
    with pytest.raises(ValueError, match="sent"):
        account.update_proposal(1001, status="sent")


def test_ids_are_never_used_again(account: Account) -> None:
    first = account.create_company(name="A")["id"]
    account.delete_company(first)
    assert account.create_company(name="B")["id"] > first


def test_hidden_people_leave_their_company(account: Account) -> None:
    id = account.people_of[1001][0]
    account.hide("person", id)
    assert id not in [person["id"] for person in account.render_company(1001)["people"]]


@pytest.mark.parametrize("size", [{"companies": 0}, {"directories": 0}, {"companies": 0, "people": 0}])
def test_sizes_that_cannot_be(size: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="need at least one"):
        Size(**size)
