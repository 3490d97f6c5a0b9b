"""What a colleague makes at Offorte under the same name while our answer is lost is not taken for ours."""

from typing import Any

import pytest

from offorte_portal.text.reason import Reason
from offorte_portal.writes import settling
from offorte_portal.writes.models import Operation
from offorte_portal.writes.reasons import WriteReason
from tests.simulator.client import Client
from tests.writes.conftest import Desk
from tests.writes.settling.losses import lose

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State

ROW = {
    "type": "price", "content": "<p>Dakraam &amp; toebehoren</p>", "count": "2", "price": "1200.50",
    "vat_percentage": "21", "userinput_optional": False, "userinput_optional_checked": False, "userinput_count": False,
}  # fmt: skip


def settle(operation: Operation) -> tuple[str, Reason | None]:
    settled = settling.settle(operation)
    return settled.state, settled.reason


def content(**changes: Any) -> dict[str, Any]:
    return {"pricetables": [{"id": "pricetable1", "rows": [ROW | changes]}]}


@pytest.mark.parametrize("more", [{"city": "Oss"}, {"email": "info@nieuw.example"}, {"coc_number": "12345678"}])
def test_a_company_with_more_in_it_is_somebody_else_s(desk: Desk, more: dict[str, str]) -> None:
    operation = lose(desk, "drop_before", "create", "companies", {"name": "Nieuw BV"})
    desk.company(name="Nieuw BV", **more)
    assert settle(operation) == (State.UNKNOWN, WriteReason.UNSURE())
    assert len(desk.written()) == 1


def test_a_company_with_people_is_somebody_else_s(desk: Desk) -> None:
    operation = lose(desk, "drop_before", "create", "companies", {"name": "Nieuw BV"})
    desk.account.create_person(desk.company(name="Nieuw BV"), fullname="Piet", email="p@nieuw.example")
    assert settle(operation) == (State.UNKNOWN, WriteReason.UNSURE())


def test_a_person_of_another_address_is_somebody_else_s(desk: Desk) -> None:
    company = desk.company()
    draft = {"fullname": "Sanne Bos", "email": "s@bos.example"}
    operation = lose(desk, "drop_before", "create", "people", draft, parent_remote_id=company)
    desk.account.create_person(company, fullname="Sanne Bos", email="sanne@bos.example")
    assert settle(operation) == (State.UNKNOWN, WriteReason.UNLIKE())


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_product_without_a_known_price_is_left_to_a_person(desk: Desk, fault: str) -> None:
    directory = min(desk.account.directories)
    operation = lose(desk, fault, "create", "products", {"name": "Lat", "price": "9.95"}, parent_remote_id=directory)
    if fault == "drop_before":
        desk.account.create_product(directory, name="Lat", price=12)
    assert settle(operation) == (State.UNKNOWN, WriteReason.UNSURE())
    desk.simulator.switches.product_list = "full"
    assert settle(operation)[0] == (State.UNKNOWN if fault == "drop_before" else State.DONE)


@pytest.mark.parametrize("vintage", ["2018", "live"])
@pytest.mark.parametrize(
    ("theirs", "minutes"),
    [({"price": "1300"}, 0), ({"count": "3"}, 0), ({"content": "Iets anders"}, 0), ({}, -60 * 24)],
    ids=["price", "count", "words", "yesterday"],
)
def test_a_proposal_of_the_same_name_is_somebody_else_s(
    desk: Desk, vintage: Any, theirs: dict[str, str], minutes: float
) -> None:
    desk.simulator.switches.vintage = vintage
    draft = {"name": "Nieuw dak", "company_id": min(desk.account.companies), "content": content()}
    operation = lose(desk, "drop_before", "create", "proposals", draft)
    desk.simulator.clock.advance(minutes * 60)
    made = Client(desk.simulator)("POST", "/proposals/", draft | {"content": content(**theirs)})
    assert made.status_code == 201
    desk.simulator.clock.advance(-minutes * 60)
    assert settle(operation) == (State.UNKNOWN, WriteReason.UNSURE())


@pytest.mark.parametrize("vintage", ["2018", "live"])
def test_our_proposal_is_found_with_all_that_is_in_it(desk: Desk, vintage: Any) -> None:
    desk.simulator.switches.vintage = vintage
    owner = list(desk.account.users)[1]
    draft = {"name": "Nieuw dak", "company_id": min(desk.account.companies), "account_user_id": owner}
    operation = lose(desk, "drop_after", "create", "proposals", draft | {"content": content()})
    ours = max(desk.account.proposals)
    desk.account.create_proposal(min(desk.account.companies), name="Nieuw dak", account_user_id=owner)
    assert settle(operation) == (State.DONE, None)
    assert operation.remote_id == ours


def test_two_that_are_just_so_are_left_to_a_person(desk: Desk) -> None:
    operation = lose(desk, "drop_after", "create", "companies", {"name": "Nieuw BV", "city": "Breda"})
    desk.company(name="Nieuw BV", city="Breda")
    assert settle(operation) == (State.UNKNOWN, WriteReason.SEVERAL())


@pytest.mark.parametrize("name", ["Bakker &amp; Zn", "Bakker  &  Zn", "BAKKER & ZN"])
def test_a_name_that_offorte_changed_is_not_made_twice(desk: Desk, name: str) -> None:
    operation = lose(desk, "drop_after", "create", "companies", {"name": "Bakker & Zn"})
    desk.account.companies[max(desk.account.companies)]["name"] = name
    assert settle(operation)[0] == State.UNKNOWN


def test_spaces_that_offorte_took_out_of_a_name_do_not_hide_it(desk: Desk) -> None:
    operation = lose(desk, "drop_after", "create", "companies", {"name": "Bakker  & Zn"})
    desk.account.companies[max(desk.account.companies)]["name"] = "Bakker & Zn"
    assert settle(operation)[0] == State.UNKNOWN


def test_what_nobody_made_is_sent_again(desk: Desk) -> None:
    operation = lose(desk, "drop_before", "create", "companies", {"name": "Nieuw BV"})
    desk.company(name="Nieuw BV Holding")
    assert settle(operation) == (State.WAITING, WriteReason.NOT_DONE())
