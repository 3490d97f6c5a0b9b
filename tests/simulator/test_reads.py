"""Every GET of the reference answers what the account holds, in the reference's shape."""

import pytest

from offorte_portal.simulator import Simulator
from offorte_portal.simulator.account import Account
from tests.simulator.client import Client

COMPANY = {
    "id", "name", "street", "zipcode", "city", "state", "country", "phone", "fax", "email", "internet", "linkedin",
    "facebook", "twitter", "coc_number", "vat_number", "people",
}  # fmt: skip
PERSON = {
    "id", "company_id", "email", "firstname", "lastname", "fullname", "salutation", "street", "zipcode", "city",
    "state", "country", "phone", "mobile", "internet", "linkedin", "facebook", "twitter",
}  # fmt: skip
PROPOSAL = {"id", "company_id", "company_name", "name", "status", "price_total", "version_id"}
DETAILS = {
    "id", "name", "status", "type", "remarks", "price_total", "date_modified", "company", "comments", "logs",
    "pages_total", "emails", "receivers", "content",
}  # fmt: skip
PRICE_ROW = {
    "content", "count", "price", "subtotal", "vat_percentage", "type", "discount", "product_id", "sku",
    "userinput_optional", "userinput_optional_checked", "userinput_count",
}  # fmt: skip


def test_hello(api: Client) -> None:
    assert api.get("/hello").status_code == 200


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("/automations/sets", {"id", "name"}),
        ("/account/users/", {"id", "email", "firstname", "lastname", "phone", "jobtitle"}),
        ("/favorites/proposals/", {"id", "name", "type", "config_language_id", "proposal_tpl_id"}),
        ("/settings/design-templates/", {"id", "name"}),
        ("/settings/email-templates/", {"id", "name"}),
        ("/settings/text-templates/", {"id", "name"}),
        ("/settings/vat-groups/", {"id", "name", "vat", "label"}),
        ("/products/directories", {"id", "name"}),
        ("/companies", COMPANY),
        ("/companies/1001/people/", PERSON),
        ("/products/1001/", {"id", "name"}),
        ("/proposals/open", PROPOSAL),
    ],
)
def test_lists_have_the_documented_keys(api: Client, path: str, keys: set[str]) -> None:
    items = api.get(path).json()
    assert items
    assert all(item.keys() == keys for item in items)


def test_both_forms_of_a_url_answer_alike(api: Client) -> None:
    for path in ("/companies", "/products/directories", "/proposals/open", "/webhooks", "/companies/1001"):
        bare, slashed = api.get(path), api.get(f"{path}/")
        assert (bare.status_code, bare.json()) == (slashed.status_code, slashed.json())
        assert bare.status_code == 200


def test_companies_hold_their_people(api: Client, account: Account) -> None:
    items = api.get("/companies").json()
    assert [item["id"] for item in items] == list(account.companies)
    assert sum(len(item["people"]) for item in items) == len(account.people)
    assert all(person.keys() == PERSON for item in items for person in item["people"])


def test_company_details_add_proposals(api: Client, account: Account) -> None:
    company_id = next(iter(account.proposals.values()))["company_id"]
    details = api.get(f"/companies/{company_id}/").json()
    assert details == account.render_company(company_id)
    assert details.keys() == COMPANY | {"proposals"}
    assert details["proposals"][0].keys() == {"id", "proposal_name", "proposal_status"}


def test_person(api: Client, account: Account) -> None:
    person = next(iter(account.people.values()))
    answer = api.get(f"/companies/{person['company_id']}/people/{person['id']}/")
    assert answer.json() == account.render_person(person["id"])


def test_products_of_all_directories(api: Client, account: Account) -> None:
    listed = [item["id"] for id in account.directories for item in api.get(f"/products/{id}/").json()]
    assert sorted(listed) == sorted(account.products)


def test_products_are_full_by_switch(sim: Simulator, api: Client) -> None:
    sim.switches.product_list = "full"
    item = api.get("/products/1001/").json()[0]
    assert {"price", "sku", "vat_id", "optional", "descr_short"} < item.keys()


def test_proposals_of_all_statuses(api: Client, account: Account) -> None:
    listed = {}
    for status in ("edit", "open", "won", "lost", "closed"):
        for item in api.get(f"/proposals/{status}").json():
            assert item["status"] == status
            listed[item["id"]] = item
    assert listed == {id: account.render_proposal_item(id) for id in account.proposals}


def test_details_in_the_reference_shape(api: Client, account: Account) -> None:
    for id in account.proposals:
        details = api.get(f"/proposals/{id}/details/").json()
        assert details == account.render_proposal_details(id)
        assert details.keys() == DETAILS
        assert details["company"].keys() == COMPANY - {"id", "people"}
        for table in details["content"]["pricetables"]:
            assert table.keys() == {"id", "subtotal", "total", "settings", "rows", "vat"}
            assert all(row.keys() == PRICE_ROW for row in table["rows"] if row["type"] == "price")
            assert all(line.keys() == {"percentage", "total", "group_name"} for line in table["vat"])


def test_details_of_a_proposal_with_a_past(api: Client, account: Account) -> None:
    id = next(id for id, proposal in account.proposals.items() if proposal["status"] == "won")
    details = api.get(f"/proposals/{id}/details/").json()
    assert details["receivers"][0].keys() == {"id", "fullname", "email", "pass"}
    email_keys = {"id", "date_sended", "proposal_version_nr", "message", "sended_by", "receivers"}
    assert details["emails"][0].keys() == email_keys
    assert details["logs"]["history"][0].keys() == {"date", "person", "action", "type"}
    assert details["logs"]["summary"].keys() == {
        "views", "pdf", "recent_view", "last_modified_date", "last_modified_user",
    }  # fmt: skip


def test_the_live_vintage_says_more(sim: Simulator, api: Client, account: Account) -> None:
    sim.switches.vintage = "live"
    item = api.get("/proposals/won").json()[0]
    assert PROPOSAL | {"proposal_nr", "account_user_email", "date_won", "tags", "price_total_override"} < item.keys()
    assert item["price_total"].startswith("€")
    assert item["date_won"].endswith("Z")
    details = api.get(f"/proposals/{item['id']}/details/").json()
    assert details == account.render_proposal_details(item["id"])
    row = details["content"]["pricetables"][0]["rows"][0]
    assert {"quantity", "discount_type", "discount_value", "selectable", "user_selected", "unique_id"} < row.keys()


def test_company_search(api: Client, account: Account) -> None:
    name = account.companies[1003]["name"]
    found = api.get("/companies/", params={"query": name.upper()}).json()
    assert 1003 in [item["id"] for item in found]
    assert len(found) < len(account.companies)


def test_proposal_search_ignores_the_status(api: Client, account: Account) -> None:
    won = next(proposal for proposal in account.proposals.values() if proposal["status"] == "won")
    found = api.get("/proposals/edit", params={"query": won["proposal_nr"]}).json()
    assert [item["id"] for item in found] == [won["id"]]
