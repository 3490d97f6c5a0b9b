"""Companies and people are written as documented, and nothing else is taken."""

from typing import Any

import pytest

from offorte_portal.simulator import Simulator
from offorte_portal.simulator.account import Account
from tests.simulator.client import Client

FULL_COMPANY = {
    "name": "Example Inc", "street": "Ginnekenweg 1", "zipcode": "4800AA", "city": "Breda", "state": "Noord-Brabant",
    "country": "the Netherlands", "phone": "+31 76 12344567", "fax": "+31 76 12344567", "email": "info@example.com",
    "internet": "https://www.example.com", "linkedin": "https://linkedin.com/example",
    "facebook": "https://facebook.com/example", "twitter": "https://twitter.com/example", "coc_number": "12345678",
    "vat_number": "NL123455678",
}  # fmt: skip


def test_create_company(api: Client, account: Account) -> None:
    answer = api("POST", "/companies/", FULL_COMPANY)
    assert answer.status_code == 201
    assert account.companies[answer.json()["id"]] == FULL_COMPANY | answer.json()


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        ("/companies/", {"name": "A"}, "company_id"),
        ("/companies/1001/people/", {"fullname": "A", "email": "a@b.nl"}, "person_id"),
        ("/products/directories/", {"name": "A"}, "directory_id"),
        ("/webhooks/", {"payload_url": "https://x.example/"}, "webhook_id"),
    ],
)
def test_answers_to_creation(sim: Simulator, api: Client, path: str, body: dict[str, Any], name: str) -> None:
    assert api("POST", path, body).json().keys() == {"id"}
    sim.switches.created_body = "named"
    assert api("POST", path, body).json().keys() == {name}
    sim.switches.created_body = "empty"
    answer = api("POST", path, body)
    assert (answer.status_code, answer.content) == (201, b"")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"name": 12}, "name"),
        ({"name": "A", "email": "no address"}, "email"),
        ({"name": "A", "kvk": "1"}, "kvk"),
        ({"name": "A", "people": []}, "people"),
    ],
)
def test_bad_company_is_refused(api: Client, account: Account, body: dict[str, Any], field: str) -> None:
    before = len(account.companies)
    answer = api("POST", "/companies/", body)
    assert answer.status_code == 400
    assert answer.json()["errors"].keys() == {field}
    assert len(account.companies) == before


def test_update_company_keeps_the_rest(api: Client, account: Account) -> None:
    before = account.render_company(1001)
    answer = api("PATCH", "/companies/1001/", {"city": "Breda"})
    assert answer.status_code == 200
    assert answer.json() == before | {"city": "Breda"}


def test_delete_company_takes_its_people(api: Client, account: Account) -> None:
    people = list(account.people_of[1001])
    answer = api("DELETE", "/companies/1001/")
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.get("/companies/1001/").status_code == 410
    assert people
    assert not account.people.keys() & set(people)


def test_proposals_outlive_their_company(api: Client, account: Account) -> None:
    proposal = next(iter(account.proposals.values()))
    before = account.render_proposal_details(proposal["id"])
    account.delete_company(proposal["company_id"])
    assert api.get(f"/proposals/{proposal['id']}/details/").json() == before


def test_create_person(api: Client, account: Account) -> None:
    body = {"fullname": "Chuck Norris", "email": "info@example.com", "mobile": "+31 6 1"}
    id = api("POST", "/companies/1001/people/", body).json()["id"]
    assert account.people[id].items() >= (body | {"company_id": 1001}).items()
    assert id in [person["id"] for person in api.get("/companies/1001/people/").json()]


@pytest.mark.parametrize("missing", ["fullname", "email"])
def test_full_name_and_email_are_required(api: Client, missing: str) -> None:
    body = {"fullname": "Chuck Norris", "email": "info@example.com"}
    for value in ({}, {missing: ""}):
        answer = api("POST", "/companies/1001/people/", {k: v for k, v in body.items() if k != missing} | value)
        assert answer.status_code == 400
        assert answer.json()["errors"] == {missing: ["is required"]}


def test_update_person(api: Client, account: Account) -> None:
    id = account.people_of[1001][0]
    answer = api("PATCH", f"/companies/1001/people/{id}/", {"phone": "1"})
    assert answer.json() == account.render_person(id)
    assert account.people[id]["phone"] == "1"


def test_delete_person(api: Client, account: Account) -> None:
    id = account.people_of[1001][0]
    assert api("DELETE", f"/companies/1001/people/{id}/").status_code == 204
    assert api.get(f"/companies/1001/people/{id}/").status_code == 410
    assert id not in [person["id"] for person in api.get("/companies/1001/").json()["people"]]


def test_a_person_of_another_company_is_not_found(api: Client, account: Account) -> None:
    id = account.people_of[1001][0]
    for method, body in (("GET", None), ("PATCH", {"phone": "1"}), ("DELETE", None)):
        assert api(method, f"/companies/1002/people/{id}/", body).status_code == 404
