"""Proposals are created, changed, sent and deleted as documented."""

from copy import deepcopy
from typing import Any

import pytest

from offorte_portal.simulator import Simulator
from offorte_portal.simulator.account import Account
from tests.simulator.client import Client

ROW: dict[str, Any] = {
    "type": "price", "content": "<p>Product Awesome</p>", "count": 3, "price": 100, "vat_percentage": 21,
    "userinput_optional": True, "userinput_optional_checked": True, "userinput_count": True,
}  # fmt: skip
ROWS = [
    {"type": "title", "content": "<p>Titel</p>"},
    ROW,
    {"type": "subtotal", "content": "<p>Subtotaal</p>"},
    {"type": "discount", "content": "<p>Korting</p>", "discount": 10},
]


@pytest.fixture
def contact(account: Account) -> dict[str, Any]:
    """A person who can receive a proposal."""
    return account.create_person(1001, fullname="Chuck Norris", firstname="Chuck", email="chuck@example.com")


@pytest.fixture
def draft(account: Account, contact: dict[str, Any]) -> dict[str, Any]:
    """A body with every documented parameter."""
    return {
        "account_user_id": next(iter(account.users)),
        "company_contacts": [contact["id"]],
        "company_id": 1001,
        "design_template_id": next(iter(account.design_templates)),
        "automations_set_id": next(iter(account.automation_sets)),
        "text_template_id": next(iter(account.text_templates)),
        "name": "Proposal you can't refuse",
        "proposal_template_id": next(iter(account.proposal_templates)),
        "content": {"pricetables": [{"id": "pricetable1", "rows": deepcopy(ROWS)}]},
    }


def test_create(api: Client, account: Account, draft: dict[str, Any]) -> None:
    answer = api("POST", "/proposals/", draft)
    assert answer.json().keys() == {"proposal_id", "proposal_version_id"}
    item = account.render_proposal_item(answer.json()["proposal_id"])
    assert item["version_id"] == answer.json()["proposal_version_id"]
    assert (item["status"], item["price_total"], item["company_id"]) == ("edit", 270, 1001)
    rows = account.render_proposal_details(item["id"])["content"]["pricetables"][0]["rows"]
    assert [row["type"] for row in rows] == ["title", "price", "subtotal", "discount"]
    assert rows[1].items() >= ROW.items()


@pytest.mark.parametrize("field", ["name", "company_id"])
def test_name_and_company_are_required(api: Client, draft: dict[str, Any], field: str) -> None:
    del draft[field]
    assert api("POST", "/proposals/", draft).json()["errors"] == {field: ["is required"]}


@pytest.mark.parametrize(("row", "name"), [(row, name) for row in ROWS for name in row])
def test_every_field_of_a_row_is_required(api: Client, draft: dict[str, Any], row: dict[str, Any], name: str) -> None:
    draft["content"]["pricetables"][0]["rows"] = [{key: row[key] for key in row if key != name}]
    answer = api("POST", "/proposals/", draft)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [f"content.pricetables.0.rows.0.{name}"]


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"pricetables": [{"id": "elsewhere", "rows": []}]}, "content.pricetables.0.id"),
        ({"pricetables": [{"id": "pricetable1"}]}, "content.pricetables.0"),
        ({"pricetables": [{"id": "pricetable1", "rows": [ROW | {"sku": "1"}]}]}, "content.pricetables.0.rows.0.sku"),
        ({"pricetables": [{"id": "pricetable1", "rows": [{"type": "text"}]}]}, "content.pricetables.0.rows.0.type"),
        ({"pricetables": [{"id": "pricetable1", "rows": ["x"]}]}, "content.pricetables.0.rows.0.type"),
        ({"pricetables": "x"}, "content"),
        ({"tables": []}, "content"),
        ([], "content"),
    ],
)
def test_bad_content_is_refused(api: Client, draft: dict[str, Any], content: Any, field: str) -> None:
    answer = api("POST", "/proposals/", draft | {"content": content})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


def test_contacts_belong_to_the_company_and_have_email(api: Client, account: Account, draft: dict[str, Any]) -> None:
    stranger = account.create_person(1002, fullname="A", email="a@b.nl")["id"]
    silent = account.create_person(1001, fullname="A")["id"]
    for id in (stranger, silent, 99):
        answer = api("POST", "/proposals/", draft | {"company_contacts": [id]})
        assert answer.json()["errors"].keys() == {"company_contacts"}


def test_update(api: Client, account: Account, draft: dict[str, Any]) -> None:
    id = api("POST", "/proposals/", draft).json()["proposal_id"]
    answer = api("PATCH", f"/proposals/{id}/details/", {"name": "B", "price_total": "15000", "status": "won"})
    assert answer.json() == account.render_proposal_details(id)
    assert (answer.json()["name"], answer.json()["price_total"], answer.json()["status"]) == ("B", 15000, "won")
    assert account.proposals[id]["won_at"]


@pytest.mark.parametrize(
    "body",
    [{"status": "sent"}, {"price_total": "x"}, {"account_user_id": 1}, {"remarks": "x"}, {"company_contacts": [1]}],
)
def test_bad_update_is_refused(api: Client, body: dict[str, Any]) -> None:
    answer = api("PATCH", "/proposals/1001/details/", body)
    assert answer.status_code == 400
    assert answer.json()["errors"].keys() == body.keys()


def test_a_former_user_cannot_be_given_a_proposal(api: Client, account: Account) -> None:
    former = next(iter(account.former_users))
    assert api("PATCH", "/proposals/1001/details/", {"account_user_id": former}).status_code == 400


def test_another_company_takes_the_contacts_away(api: Client, account: Account, draft: dict[str, Any]) -> None:
    id = api("POST", "/proposals/", draft).json()["proposal_id"]
    api("PATCH", f"/proposals/{id}/details/", {"company_id": 1002})
    assert account.proposals[id]["contacts"] == []


def test_send(sim: Simulator, api: Client, account: Account, draft: dict[str, Any]) -> None:
    id = api("POST", "/proposals/", draft).json()["proposal_id"]
    answer = api("POST", f"/proposals/{id}/send/", {"send_message": "Hi {company_people_firstname}"})
    (receiver,) = answer.json()["receivers"]
    assert receiver.keys() == {
        "id", "fullname", "email", "proposal_link", "signature_required", "signature_allowed",
    }  # fmt: skip
    assert api.session.get(receiver["proposal_link"], timeout=10).status_code == 200
    assert [(mail.proposal_id, mail.receivers) for mail in sim.sent_mails] == [(id, ("chuck@example.com",))]
    details = account.render_proposal_details(id)
    assert details["status"] == "open"
    assert details["emails"][0]["message"] == "Hi {company_people_firstname}"


def test_send_by_template(sim: Simulator, api: Client, account: Account, draft: dict[str, Any]) -> None:
    id = api("POST", "/proposals/", draft).json()["proposal_id"]
    template = next(iter(account.email_templates))
    assert api("POST", f"/proposals/{id}/send/", {"send_message_id": str(template)}).status_code == 200
    assert len(sim.sent_mails) == 1


def test_send_yourself_mails_nobody(sim: Simulator, api: Client, draft: dict[str, Any]) -> None:
    id = api("POST", "/proposals/", draft).json()["proposal_id"]
    answer = api("POST", f"/proposals/{id}/send/", {"send_message": "x", "send_method": "self"})
    assert answer.json()["receivers"]
    assert sim.sent_mails == []


def test_links_stay_unless_reset(api: Client, draft: dict[str, Any]) -> None:
    id = api("POST", "/proposals/", draft).json()["proposal_id"]
    body = {"send_message": "x"}
    links = [
        api("POST", f"/proposals/{id}/send/", body | extra).json()["receivers"][0]["proposal_link"]
        for extra in ({}, {}, {"password_reset": True})
    ]
    assert links[0] == links[1] != links[2]


@pytest.mark.parametrize("body", [{}, {"send_message": ""}, {"send_message_id": 1}, {"send_method": "post"}, {"x": 1}])
def test_bad_send_is_refused(sim: Simulator, api: Client, draft: dict[str, Any], body: dict[str, Any]) -> None:
    id = api("POST", "/proposals/", draft).json()["proposal_id"]
    assert api("POST", f"/proposals/{id}/send/", body).status_code == 400
    assert sim.sent_mails == []


def test_send_needs_receivers_and_a_status(api: Client, account: Account, draft: dict[str, Any]) -> None:
    body = {"send_message": "x"}
    id = api("POST", "/proposals/", draft | {"company_contacts": []}).json()["proposal_id"]
    assert "contacts" in api("POST", f"/proposals/{id}/send/", body).json()["message"]
    won = api("POST", "/proposals/", draft).json()["proposal_id"]
    account.update_proposal(won, status="won")
    assert "won" in api("POST", f"/proposals/{won}/send/", body).json()["message"]


def test_delete(api: Client) -> None:
    assert api("DELETE", "/proposals/1001/").status_code == 204
    assert api.get("/proposals/1001/details/").status_code == 410


def test_a_colleague_sends_to_a_few_people_in_their_own_name(
    sim: Simulator, account: Account, contact: dict[str, Any]
) -> None:
    owner, colleague = list(account.users)[:2]
    other = account.create_person(1001, fullname="Anna Bos", firstname="Anna", email="anna@example.com")
    id = account.create_proposal(1001, name="Dak", contacts=[contact["id"]], account_user_id=owner)["id"]
    account.send_proposal(id, message="Aan Anna", contacts=[other["id"]], by=colleague)
    account.update_proposal(id, status="edit", by=colleague)
    (mail,) = account.render_proposal_details(id)["emails"]
    assert (mail["sended_by"], mail["receivers"]) == (
        account.user_name(colleague),
        [{"fullname": "Anna Bos", "email": "anna@example.com"}],
    )
    history = account.render_proposal_details(id)["logs"]["history"]
    assert [(entry["action"], entry["person"]) for entry in history[:2]] == [
        ("proposal: status edit", account.user_name(colleague)),
        ("proposal: send", account.user_name(colleague)),
    ]
    assert sim.sent_mails[0].receivers == ("anna@example.com",)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("placeholders", "Dag {company_people_firstname},\n\nHierbij & groet"),
        ("filled", "Dag Chuck,\n\nHierbij & groet"),
        ("html", "<p>Dag Chuck,</p>\r\n<p>Hierbij &amp; groet</p>\r\n"),
        ("escaped", "Dag {company_people_firstname},\\n\\nHierbij & groet"),
    ],
)
def test_messages_come_back_in_several_forms(
    sim: Simulator, account: Account, contact: dict[str, Any], form: Any, message: str
) -> None:
    sim.switches.mail_messages = form
    id = account.create_proposal(1001, name="Dak", contacts=[contact["id"]])["id"]
    account.send_proposal(id, message="Dag {company_people_firstname},\n\nHierbij & groet")
    assert account.render_proposal_details(id)["emails"][0]["message"] == message


@pytest.mark.parametrize("form", ["printed", "stamped", "iso"])
def test_mails_are_dated_in_several_forms(sim: Simulator, account: Account, contact: dict[str, Any], form: Any) -> None:
    sim.switches.mail_dates = form
    id = account.create_proposal(1001, name="Dak", contacts=[contact["id"]])["id"]
    account.send_proposal(id, message="Dag")
    date = account.render_proposal_details(id)["emails"][0]["date_sended"]
    assert {"printed": date[-1] == ")", "stamped": len(date) == 19, "iso": date[-1] == "Z"}[form]


def test_the_history_speaks_in_several_ways(sim: Simulator, account: Account) -> None:
    id = account.create_proposal(1001, name="Dak")["id"]
    account.add_log_entry(id, "proposal: danced", author="client", person="Chuck")
    account.update_proposal(id, status="lost")
    told = []
    for form in ("plain", "capitals", "dutch", "vague"):
        sim.switches.log_words = form
        told.append([entry["action"] for entry in account.render_proposal_details(id)["logs"]["history"]])
    assert told == [
        ["proposal: status lost", "proposal: danced", "proposal: created"],
        ["Proposal: Status lost", "Proposal: Danced", "Proposal: Created"],
        ["Offerte: status gewijzigd naar verloren", "proposal: danced", "Offerte: aangemaakt"],
        ["proposal: modified", "proposal: danced", "proposal: created"],
    ]


def test_the_history_may_name_others_for_an_application(sim: Simulator, account: Account) -> None:
    owner = list(account.users)[1]
    id = account.create_proposal(1001, name="Dak", account_user_id=owner)["id"]
    account.update_proposal(id, by_application=True, status="lost")
    told = []
    for names in ("owner", "connected", "nobody"):
        sim.switches.log_names = names
        told.append([entry["person"] for entry in account.render_proposal_details(id)["logs"]["history"]])
    connected = account.user_name(next(iter(account.users)))
    name = account.user_name(owner)
    assert told == [[name, name], [connected, name], ["", name]]


def test_the_history_may_tell_late(sim: Simulator, account: Account) -> None:
    sim.switches.log_lag = 3600
    id = account.create_proposal(1001, name="Dak")["id"]
    account.view_proposal(id, "Chuck de Vries")
    assert [entry["action"] for entry in account.render_proposal_details(id)["logs"]["history"]] == ["proposal: viewed"]
    sim.clock.advance(3600)
    happened = account.render_proposal_details(id)["logs"]["history"]
    sim.switches.log_dates = "told"
    told = account.render_proposal_details(id)["logs"]["history"]
    assert len(happened) == len(told) == 2
    assert happened[1]["date"] != told[1]["date"]
