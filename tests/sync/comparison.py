"""What the mirror should hold, worked out from the simulator's own records, and what it holds.

Values are compared in full: every field of every object, not counts. Moments are compared as Offorte prints them.
"""

from typing import Any

from catalog.models import Product, ProductDirectory, VatGroup
from contacts.models import Company, Person
from offorte_portal.api.concealing import conceal_url
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.models import Mirrored
from offorte_portal.simulator.account import Account
from offorte_portal.simulator.records import COMPANY_FIELDS, PERSON_FIELDS
from offorte_portal.webhooks.models import Webhook
from proposals.mirror import DETAILS
from proposals.models import AccountUser, AutomationSet, DesignTemplate, EmailTemplate, ProposalTemplate, TextTemplate
from tests.sync.proposals import expect_proposal, find_proposal, proposal_rows
from tests.sync.values import money, second

Things = dict[int, dict[str, Any]]


def is_noticed(key: str, kind: str, *, vintage: str) -> bool:
    """Whether the mirror can tell that an answer about a proposal left the documented key out, by a fault of this kind.

    It can't where null may mean "none", in the first answer; nor need it where the live service repeats a key under an
    older name, which says nothing beside the newer one.
    """
    documented = DETAILS[key]
    is_null_told = kind == "null_field" and documented.kind is object
    return not is_null_told and not (vintage == "live" and documented.newer)


def assert_mirrored(account: Account, connection: Connection) -> None:
    """Assert that the mirror of the account is what the simulator has."""
    with account.lock:
        expected = expect(account)
    found = find(connection)
    assert found.keys() == expected.keys()
    for kind, things in expected.items():
        assert found[kind].keys() == things.keys(), kind
        for remote_id, thing in things.items():
            mirrored = found[kind][remote_id]
            if "payload" in thing:
                # The details of a company hold more than its list item, which may be the only one read.
                mirrored["payload"] = {key: mirrored["payload"].get(key) for key in thing["payload"]}
            differing = {key: (mirrored.get(key), value) for key, value in thing.items() if mirrored.get(key) != value}
            assert mirrored == thing, (kind, remote_id, differing)


def expect(account: Account) -> dict[str, Things]:
    """All that the account shows, by kind and id."""
    companies = account.visible("company")
    people = [i for i in account.visible("person") if account.people[i]["company_id"] in companies]
    return {
        "companies": {i: expect_company(account, i) for i in companies},
        "people": {i: expect_person(account, i) for i in people},
        "directories": {i: {"name": d["name"]} for i, d in account.directories.items()},
        "products": {i: expect_product(account, i) for i in account.products},
        "proposals": {i: expect_proposal(account, i) for i in account.visible("proposal")},
        "users": {
            i: {key: user[key] for key in ("email", "firstname", "lastname", "phone", "jobtitle")}
            for i, user in account.users.items()
        },
        "vat_groups": {
            i: {"name": g["name"], "vat": money(g["vat"]), "label": g["label"]} for i, g in account.vat_groups.items()
        },
        "design_templates": expect_names(account.design_templates),
        "text_templates": expect_names(account.text_templates),
        "email_templates": expect_names(account.email_templates),
        "automation_sets": expect_names(account.automation_sets),
        "proposal_templates": {
            i: {key: t[key] for key in ("name", "type", "config_language_id", "proposal_tpl_id")}
            for i, t in account.proposal_templates.items()
        },
        "webhooks": {i: expect_webhook(account, i) for i in account.webhooks},
    }


def expect_names(things: Things) -> Things:
    return {i: {"name": thing["name"]} for i, thing in things.items()}


def expect_company(account: Account, remote_id: int) -> dict[str, Any]:
    company = account.companies[remote_id]
    return {key: company[key] or "" for key in COMPANY_FIELDS} | {"payload": account.render_company_item(remote_id)}


def expect_person(account: Account, remote_id: int) -> dict[str, Any]:
    person = account.people[remote_id]
    return {key: person[key] or "" for key in PERSON_FIELDS} | {
        "company": person["company_id"],
        "payload": account.render_person(remote_id),
    }


def expect_product(account: Account, remote_id: int) -> dict[str, Any]:
    product = account.products[remote_id]
    return {"name": product["name"], "directory": product["directory_id"], "price": None, "sku": None}


def expect_webhook(account: Account, remote_id: int) -> dict[str, Any]:
    webhook = account.webhooks[remote_id]
    return {
        "payload_url": conceal_url(webhook["payload_url"]),
        "payload_content_type": webhook["payload_content_type"],
        "is_active": webhook["active"],
        "events": list(webhook["events"]),
        "remote_created_at": second(webhook["created_at"]),
        "remote_modified_at": second(webhook["modified_at"]),
        "failed_at": second(webhook["failed_at"]),
    }


def find(connection: Connection) -> dict[str, Things]:
    """All that the mirror holds of the account, in the same form."""

    def rows(model: type[Mirrored]) -> Any:
        return model._default_manager.filter(connection=connection, removed_at__isnull=True, is_hidden=False)

    def columns(model: type[Mirrored], *names: str) -> Things:
        return {row.remote_id: {name: getattr(row, name) for name in names} for row in rows(model)}

    return {
        "companies": columns(Company, *COMPANY_FIELDS, "payload"),
        "people": {
            row.remote_id: {name: getattr(row, name) for name in (*PERSON_FIELDS, "payload")}
            | {"company": row.company and row.company.remote_id}
            for row in rows(Person).select_related("company")
        },
        "directories": columns(ProductDirectory, "name"),
        "products": {
            row.remote_id: {"name": row.name, "price": row.price, "sku": row.sku}
            | {"directory": row.directory and row.directory.remote_id}
            for row in rows(Product).select_related("directory")
        },
        "proposals": {row.remote_id: find_proposal(row) for row in proposal_rows(connection)},
        "users": columns(AccountUser, "email", "firstname", "lastname", "phone", "jobtitle"),
        "vat_groups": columns(VatGroup, "name", "vat", "label"),
        "design_templates": columns(DesignTemplate, "name"),
        "text_templates": columns(TextTemplate, "name"),
        "email_templates": columns(EmailTemplate, "name"),
        "automation_sets": columns(AutomationSet, "name"),
        "proposal_templates": columns(ProposalTemplate, "name", "type", "config_language_id", "proposal_tpl_id"),
        "webhooks": {
            row.remote_id: {
                "payload_url": row.payload_url,
                "payload_content_type": row.payload_content_type,
                "is_active": row.is_active,
                "events": row.events,
                "remote_created_at": second(row.remote_created_at),
                "remote_modified_at": second(row.remote_modified_at),
                "failed_at": second(row.failed_at),
            }
            for row in rows(Webhook)
        },
    }
