"""Every endpoint of the reference: method, path with or without its slash, query and body as printed there."""

from decimal import Decimal

import pytest

from offorte_portal.api.client import Client
from offorte_portal.api.client.base import BaseClient
from offorte_portal.api.drafts import CompanyDraft, PersonDraft, ProductDraft, ProposalDraft, SendDraft, WebhookDraft
from offorte_portal.api.errors import Gone, Rejected
from tests.api.conftest import World
from tests.api.test_drafts import PROPOSAL

COMPANY: CompanyDraft = {
    "name": "Example Inc",
    "street": "Ginnekenweg 1",
    "zipcode": "4800AA",
    "city": "Breda",
    "state": "Noord-Brabant",
    "country": "the Netherlands",
    "phone": "+31 76 12344567",
    "fax": "+31 76 12344567",
    "email": "info@example.com",
    "internet": "https://www.example.com",
    "linkedin": "https://linkedin.com/example",
    "facebook": "https://facebook.com/example",
    "twitter": "https://twitter.com/example",
    "coc_number": "12345678",
    "vat_number": "NL123455678",
}
PERSON: PersonDraft = {
    "email": "info@example.com",
    "firstname": "Chuck",
    "lastname": "Norris",
    "fullname": "Chuck Norris",
    "salutation": "Mr",
    "street": "Ginnekenweg 1",
    "zipcode": "4800AA",
    "city": "Breda",
    "state": "Noord-Brabant",
    "country": "the Netherlands",
    "phone": "+31 76 12344567",
    "mobile": "+31 76 12344567",
    "internet": "https://www.example.com",
    "linkedin": "https://linkedin.com/example",
    "facebook": "https://facebook.com/example",
    "twitter": "https://twitter.com/example",
}


def sent(world: World) -> list[tuple[str, object]]:
    """What arrived: "METHOD /path" and the body; nothing in these tests has a query."""
    assert all(request.query == {} for request in world.simulator.requests)
    return [(f"{request.method} {request.path}", request.body) for request in world.simulator.requests]


def known(remote_id: int | None) -> int:
    assert remote_id is not None
    return remote_id


def test_there_is_a_method_for_every_endpoint() -> None:
    methods = {name for name in dir(Client) if not name.startswith("_")} - set(dir(BaseClient))

    assert len(methods) == 37


def test_settings(world: World) -> None:
    client, account = world.client, world.account

    client.hello()
    pages = {
        "automation_sets": [*client.list_automation_sets()],
        "users": [*client.list_users()],
        "proposal_templates": [*client.list_proposal_templates()],
        "design_templates": [*client.list_design_templates()],
        "email_templates": [*client.list_email_templates()],
        "text_templates": [*client.list_text_templates()],
        "vat_groups": [*client.list_vat_groups()],
    }

    for name, [page] in pages.items():
        assert page.ids == set(getattr(account, name)), name
        assert page.rejected == []
    assert sent(world) == [
        ("GET /hello", None),
        ("GET /automations/sets", None),
        ("GET /account/users/", None),
        ("GET /favorites/proposals/", None),
        ("GET /settings/design-templates/", None),
        ("GET /settings/email-templates/", None),
        ("GET /settings/text-templates/", None),
        ("GET /settings/vat-groups/", None),
    ]


def test_companies(world: World) -> None:
    client = world.client

    [page] = client.list_companies()
    created = client.create_company(COMPANY)
    company_id = known(created.remote_id)
    client.update_company(company_id, {"city": "Tilburg", "fax": ""})
    fetched = client.get_company(company_id)
    deleted = client.delete_company(company_id)

    assert len(page.items) == 3
    assert fetched.data == {**COMPANY, "id": company_id, "city": "Tilburg", "fax": "", "people": [], "proposals": []}
    assert created.requested_at < fetched.requested_at < deleted.requested_at
    assert deleted.answer is None
    with pytest.raises(Gone):
        client.get_company(company_id)
    assert sent(world)[:5] == [
        ("GET /companies", None),
        ("POST /companies/", COMPANY),
        (f"PATCH /companies/{company_id}/", {"city": "Tilburg", "fax": ""}),
        (f"GET /companies/{company_id}/", None),
        (f"DELETE /companies/{company_id}/", None),
    ]


def test_people(world: World) -> None:
    client = world.client
    company_id = known(client.create_company({"name": "Bouw"}).remote_id)

    person_id = known(client.create_person(company_id, PERSON).remote_id)
    client.update_person(company_id, person_id, {"mobile": "06"})
    fetched = client.get_person(company_id, person_id)
    [page] = client.list_people(company_id)
    client.delete_person(company_id, person_id)

    assert fetched.data == {**PERSON, "id": person_id, "company_id": company_id, "mobile": "06"}
    assert page.items == [fetched.data]
    assert sent(world)[1:] == [
        (f"POST /companies/{company_id}/people/", PERSON),
        (f"PATCH /companies/{company_id}/people/{person_id}/", {"mobile": "06"}),
        (f"GET /companies/{company_id}/people/{person_id}/", None),
        (f"GET /companies/{company_id}/people/", None),
        (f"DELETE /companies/{company_id}/people/{person_id}/", None),
    ]


def test_directories(world: World) -> None:
    client = world.client

    directory_id = known(client.create_directory({"name": "Roofs"}).remote_id)
    client.update_directory(directory_id, {"name": "Roof tiles"})
    [page] = client.list_directories()
    client.delete_directory(directory_id)

    assert page.items[-1] == {"id": directory_id, "name": "Roof tiles"}
    assert sent(world) == [
        ("POST /products/directories/", {"name": "Roofs"}),
        (f"PATCH /products/directories/{directory_id}/", {"name": "Roof tiles"}),
        ("GET /products/directories", None),
        (f"DELETE /products/directories/{directory_id}/", None),
    ]


def test_products(world: World) -> None:
    client = world.client
    directory_id = known(client.create_directory({"name": "Roofs"}).remote_id)
    draft: ProductDraft = {
        "sku": "abc12345678",
        "price": Decimal("1000.50"),
        "vat_id": min(world.account.vat_groups),
        "optional": True,
        "name": "Example Inc",
        "descr_short": "This is a description",
    }

    product_id = known(client.create_product(directory_id, draft).remote_id)
    other_id = min(world.account.directories)
    client.update_product(product_id, {"price": Decimal("12.00"), "directory_id": other_id})
    client.update_product(product_id, {"directory_id": directory_id})
    [page] = client.list_products(directory_id)
    with pytest.raises(Rejected) as caught:
        client.delete_directory(directory_id)
    client.delete_product(product_id)

    assert page.items == [{"id": product_id, "name": "Example Inc"}]
    assert caught.value.detail
    assert sent(world)[1:] == [
        (f"POST /products/{directory_id}/", {**draft, "price": 1000.5}),
        (f"PATCH /product/{product_id}/", {"price": 12, "directory_id": other_id}),
        (f"PATCH /product/{product_id}/", {"directory_id": directory_id}),
        (f"GET /products/{directory_id}/", None),
        (f"DELETE /products/directories/{directory_id}/", None),
        (f"DELETE /products/{product_id}/", None),
    ]


def test_proposals(world: World) -> None:
    client = world.client
    draft = new_proposal(world)
    send: SendDraft = {"password_reset": False, "send_method": "offorte", "send_message": "Hi {firstname},\nHere."}

    created = client.create_proposal(draft)
    proposal_id = known(created.remote_id)
    client.update_proposal(proposal_id, {"name": "Other", "price_total": Decimal("15000.00"), "status": "open"})
    fetched = client.get_proposal(proposal_id)
    sending = client.send_proposal(proposal_id, send)
    [page] = client.list_proposals("open")
    client.delete_proposal(proposal_id)

    assert created.answer is not None
    assert created.answer["proposal_version_id"]
    assert fetched.data["name"] == "Other"
    assert sending.answer is not None
    assert [receiver["email"] for receiver in sending.answer["receivers"]] == [PERSON["email"]]
    assert len(world.simulator.sent_mails) == 1
    assert proposal_id in page.ids
    assert sent(world)[-6:] == [
        ("POST /proposals/", draft),
        (f"PATCH /proposals/{proposal_id}/details/", {"name": "Other", "price_total": 15000, "status": "open"}),
        (f"GET /proposals/{proposal_id}/details/", None),
        (f"POST /proposals/{proposal_id}/send/", send),
        ("GET /proposals/open", None),
        (f"DELETE /proposals/{proposal_id}/", None),
    ]


def new_proposal(world: World) -> ProposalDraft:
    """The reference's example, for things that the account has."""
    account = world.account
    company_id = known(world.client.create_company({"name": "Bouw"}).remote_id)
    [table] = PROPOSAL["content"]["pricetables"]
    template_id = min(account.proposal_templates)
    return {
        **PROPOSAL,
        "account_user_id": min(account.users),
        "company_contacts": [known(world.client.create_person(company_id, PERSON).remote_id)],
        "company_id": company_id,
        "design_template_id": min(account.design_templates),
        "automations_set_id": min(account.automation_sets),
        "text_template_id": min(account.text_templates),
        "proposal_template_id": template_id,
        "content": {
            "pricetables": [{"id": account.proposal_templates[template_id]["tables"][0], "rows": table["rows"]}]
        },
    }


def test_webhooks(world: World) -> None:
    client = world.client
    draft: WebhookDraft = {
        "payload_url": "https://127.0.0.1:9/incoming",
        "payload_content_type": "json",
        "active": True,
        "events": ["company_created"],
    }

    webhook_id = known(client.create_webhook(draft).remote_id)
    client.update_webhook(webhook_id, {"active": False})
    fetched = client.get_webhook(webhook_id)
    [page] = client.list_webhooks()
    client.delete_webhook(webhook_id)

    assert fetched.data.items() >= {**draft, "id": webhook_id, "active": False}.items()
    assert page.items == [fetched.data]
    assert sent(world) == [
        ("POST /webhooks/", draft),
        (f"PATCH /webhooks/{webhook_id}/", {"active": False}),
        (f"GET /webhooks/{webhook_id}/", None),
        ("GET /webhooks/", None),
        (f"DELETE /webhooks/{webhook_id}/", None),
    ]
