"""What the mirror should hold, worked out from the simulator's own records, and what it holds.

Values are compared in full: every field of every object, not counts. Moments are compared as Offorte prints them.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from catalog.models import Product, ProductDirectory, VatGroup
from contacts.models import Company, Person
from offorte_portal.models import Connection, Mirrored, Webhook
from offorte_portal.simulator.account import Account
from offorte_portal.simulator.pricing import add_up
from offorte_portal.simulator.records import COMPANY_FIELDS, PERSON_FIELDS
from proposals.models import (
    AccountUser,
    AutomationSet,
    DesignTemplate,
    EmailTemplate,
    Proposal,
    ProposalTemplate,
    TextTemplate,
)

Things = dict[int, dict[str, Any]]
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def minute(moment: datetime | None) -> datetime | None:
    """A moment on the clock in Amsterdam, without its seconds.

    Offorte prints no zone: in the hour that comes twice in October two moments look the same.
    """
    return moment.astimezone(AMSTERDAM).replace(tzinfo=None, fold=0, second=0, microsecond=0) if moment else None


def second(moment: datetime | None) -> datetime | None:
    """A moment on the clock in Amsterdam, without its microseconds."""
    return moment.astimezone(AMSTERDAM).replace(tzinfo=None, fold=0, microsecond=0) if moment else None


def money(value: Any) -> Decimal | None:
    """An amount as the mirror keeps it."""
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.0001"))


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
            assert mirrored == thing, (kind, remote_id)


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
        "payload_url": webhook["payload_url"],
        "payload_content_type": webhook["payload_content_type"],
        "is_active": webhook["active"],
        "events": list(webhook["events"]),
        "remote_created_at": second(webhook["created_at"]),
        "remote_modified_at": second(webhook["modified_at"]),
        "failed_at": second(webhook["failed_at"]),
    }


def expect_proposal(account: Account, remote_id: int) -> dict[str, Any]:
    """A proposal's columns and parts; the live vintage tells more than that of 2018."""
    proposal = account.proposals[remote_id]
    views = [entry.at for entry in proposal["history"] if entry.action == "proposal: viewed"]
    override = proposal["price_total_override"]
    is_live = account.switches.vintage == "live"
    user = account.user(proposal["account_user_id"])
    company_id = proposal["company_id"]
    return {
        "name": proposal["name"],
        "status": proposal["status"],
        "type": proposal["type"],
        "remarks": proposal["remarks"],
        "version_id": proposal["version_id"],
        "company_remote_id": company_id,
        "company": company_id if company_id in account.visible("company") else None,
        "company_name": account.company_of(proposal)["name"],
        "price_total": money(proposal["price_total_original"] if override is None else override),
        "pages_total": proposal["pages_total"],
        "remote_modified_at": minute(proposal["modified_at"]),
        "view_count": len(views),
        "pdf_count": sum(entry.action == "proposal: viewed pdf" for entry in proposal["history"]),
        "viewed_at": minute(max(views)) if views else None,
        "price_tables": [expect_table(account, table) for table in proposal["pricetables"]],
        "comments": [expect_comment(account, proposal, comment) for comment in proposal["comments"]],
        "log": [
            (minute(entry.at), entry.person, entry.action, entry.author) for entry in reversed(proposal["history"])
        ],
        "emails": [
            (
                email.id,
                minute(email.at),
                email.version_nr,
                email.message,
                email.sender,
                [{"fullname": name, "email": address} for name, address in email.receivers],
            )
            for email in proposal["emails"]
        ],
        "receivers": [(r.id, r.fullname, r.email, account.proposal_link(remote_id, r)) for r in proposal["receivers"]],
        "number": proposal["proposal_nr"] if is_live else "",
        "owner_name": f"{user['firstname']} {user['lastname']}" if is_live else "",
        "owner": user["id"] if is_live and user["id"] in account.users else None,
        "language": proposal["proposal_language"] if is_live else "",
        "tags": list(proposal["tags"]) if is_live else [],
        "payload": account.render_proposal_item(remote_id) | account.render_proposal_details(remote_id),
    }


def expect_comment(account: Account, proposal: dict[str, Any], comment: Any) -> tuple[Any, ...]:
    company = account.company_of(proposal)["name"] if comment.author == "client" else ""
    who = (comment.firstname, comment.lastname, comment.email, company)
    return (comment.id, minute(comment.at), comment.text, comment.author, *who)


def expect_table(account: Account, table: Any) -> dict[str, Any]:
    totals = add_up(table)
    return {
        "key": table.id,
        "subtotal": money(totals.subtotal),
        "total": money(totals.total),
        "vat_default_percentage": money(table.vat_default_percentage),
        "is_vat_hidden": table.is_vat_hidden,
        "rows_include_vat": table.has_vat_in_rows,
        "vat": [(money(percentage), money(amount)) for percentage, amount in totals.vat],
        "rows": [expect_row(account, row, total) for row, total in zip(table.rows, totals.rows, strict=True)],
    }


def expect_row(account: Account, row: Any, subtotal: Decimal | None) -> dict[str, Any]:
    """A row; 2018 tells of a row only what its type has, the live service everything of every row."""
    is_live, is_price = account.switches.vintage == "live", row.type == "price"
    has_discount = is_live or row.type in {"price", "discount"}
    has_all = is_live or is_price
    return {
        "type": row.type,
        "content": row.content,
        "count": money(row.quantity) if has_all else None,
        "price": money(row.price) if has_all else None,
        "subtotal": money(subtotal),
        "vat_percentage": money(row.vat_percentage) if has_all else None,
        "discount": money(row.discount_value) if has_discount else None,
        "discount_type": row.discount_type or "" if is_live else "",
        "product": row.product_id if has_all else None,
        "sku": row.sku or "" if has_all else "",
        "userinput_optional": row.is_optional if has_all else None,
        "userinput_optional_checked": row.is_chosen if has_all else None,
        "userinput_count": row.has_user_quantity if has_all else None,
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


def proposal_rows(connection: Connection) -> Any:
    rows = Proposal.objects.filter(connection=connection, removed_at__isnull=True, is_hidden=False)
    parts = ("price_tables__rows", "comments", "log_entries", "emails", "receivers")
    return rows.select_related("company", "owner").prefetch_related(*parts)


def find_proposal(row: Proposal) -> dict[str, Any]:
    names = [
        "name",
        "status",
        "type",
        "remarks",
        "version_id",
        "company_remote_id",
        "company_name",
        "price_total",
        "pages_total",
        "view_count",
        "pdf_count",
        "number",
        "owner_name",
        "language",
        "tags",
        "payload",
    ]
    return {name: getattr(row, name) for name in names} | {
        "company": row.company.remote_id if row.company and row.company.removed_at is None else None,
        "owner": row.owner.remote_id if row.owner and row.owner.removed_at is None else None,
        "remote_modified_at": minute(row.remote_modified_at),
        "viewed_at": minute(row.viewed_at),
        "price_tables": [find_table(table) for table in row.price_tables.all()],
        "comments": [
            (c.remote_id, minute(c.commented_at), c.comment, c.type, c.firstname, c.lastname, c.email, c.company_name)
            for c in row.comments.all()
        ],
        "log": [(minute(entry.logged_at), entry.person, entry.action, entry.type) for entry in row.log_entries.all()],
        "emails": [
            (e.remote_id, minute(e.sent_at), e.version_nr, e.message, e.sent_by, e.receivers) for e in row.emails.all()
        ],
        "receivers": [(r.remote_id, r.fullname, r.email, r.link) for r in row.receivers.all()],
    }


def find_table(table: Any) -> dict[str, Any]:
    names = ("key", "subtotal", "total", "vat_default_percentage", "is_vat_hidden", "rows_include_vat")
    row_names = [
        "type",
        "content",
        "count",
        "price",
        "subtotal",
        "vat_percentage",
        "discount",
        "discount_type",
        "sku",
        "userinput_optional",
        "userinput_optional_checked",
        "userinput_count",
    ]
    return {name: getattr(table, name) for name in names} | {
        "vat": [(money(line["percentage"]), money(line["total"])) for line in table.vat_lines],
        "rows": [
            {name: getattr(row, name) for name in row_names} | {"product": row.product_remote_id}
            for row in table.rows.all()
        ],
    }
