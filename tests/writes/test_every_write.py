"""Every write of the reference: sent as it is documented, and shown at once as Offorte has it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import models

from offorte_portal.api.client import Client, Fetched
from offorte_portal.connections import connecting as connections
from offorte_portal.connections.budget import Lane
from offorte_portal.mirror.engine import apply_list, apply_object
from offorte_portal.mirror.models import Mirrored
from offorte_portal.writes.models import Operation
from offorte_portal.writes.targets import TARGETS
from proposals.models import Proposal
from tests.writes.conftest import Desk
from tests.writes.reference import ENDPOINTS

pytestmark = pytest.mark.django_db(transaction=True)

Ids = dict[str, Any]
COMPANY = {
    "name": "Bakker & Zn. “Het Dak” BV",
    "street": "Ginnekenweg 1",
    "zipcode": "4811 NN",
    "city": "Breda",
    "state": "Noord-Brabant",
    "country": "Nederland",
    "phone": "+31 76 1234567",
    "fax": "+31 76 7654321",
    "email": "info@bakker.example",
    "internet": "https://bakker.example",
    "linkedin": "https://linkedin.com/bakker",
    "facebook": "https://facebook.com/bakker",
    "twitter": "https://twitter.com/bakker",
    "coc_number": "12345678",
    "vat_number": "NL123455678B01",
}
PERSON = {
    **{key: value for key, value in COMPANY.items() if key not in {"name", "fax", "coc_number", "vat_number"}},
    "firstname": "Çelik",
    "lastname": "Yılmaz",
    "fullname": "Çelik Yılmaz",
    "salutation": "Mevr.",
    "mobile": "+31 6 12345678",
}
PRICE_ROW = {
    "type": "price",
    "content": "<p>Dakraam</p>",
    "count": "2.5",
    "price": "1200.10",
    "vat_percentage": "21",
    "userinput_optional": True,
    "userinput_optional_checked": False,
    "userinput_count": True,
}
ROWS = [
    PRICE_ROW,
    {"type": "discount", "content": "Korting", "discount": "10"},
    {"type": "subtotal", "content": "Samen"},
    {"type": "title", "content": "Dak"},
]
CONTENT = {"pricetables": [{"id": "pricetable1", "rows": ROWS}]}
WEBHOOK = {"payload_url": "https://portal.example/x", "payload_content_type": "json", "active": False}

CASES: list[tuple[str, str, Callable[[Ids], dict[str, Any]]]] = [
    ("companies", "create", lambda ids: COMPANY),
    ("companies", "change", lambda ids: COMPANY),
    ("companies", "change", lambda ids: {"city": "", "phone": "076"}),
    ("companies", "delete", lambda ids: {}),
    ("people", "create", lambda ids: PERSON),
    ("people", "change", lambda ids: PERSON),
    ("people", "delete", lambda ids: {}),
    ("directories", "create", lambda ids: {"name": "Dakramen"}),
    ("directories", "change", lambda ids: {"name": "Dakkapellen"}),
    ("directories", "delete", lambda ids: {}),
    (
        "products",
        "create",
        lambda ids: {
            "sku": "D-1",
            "price": "1000.05",
            "vat_id": ids["vat_groups"],
            "optional": True,
            "name": "Dakraam",
            "descr_short": "Groot\nen licht",
        },
    ),
    ("products", "change", lambda ids: {"price": "0.5", "optional": False, "directory_id": ids["other_directory"]}),
    ("products", "delete", lambda ids: {}),
    (
        "proposals",
        "create",
        lambda ids: {
            "account_user_id": ids["users"],
            "company_contacts": [ids["people"]],
            "company_id": ids["companies"],
            "design_template_id": ids["design_templates"],
            "automations_set_id": ids["automation_sets"],
            "text_template_id": ids["text_templates"],
            "name": "Nieuw dak",
            "content": CONTENT,
        },
    ),
    (
        "proposals",
        "change",
        lambda ids: {
            "account_user_id": ids["users"],
            "company_contacts": [],
            "company_id": ids["companies"],
            "design_template_id": ids["design_templates"],
            "name": "Nieuwer dak",
            "price_total": "15000.25",
            "status": "won",
            "text_template_id": ids["text_templates"],
        },
    ),
    ("proposals", "change", lambda ids: {"status": "lost"}),
    (
        "proposals",
        "send",
        lambda ids: {
            "password_reset": False,
            "send_method": "offorte",
            "send_message": "Beste {company_people_firstname}",
        },
    ),
    ("proposals", "send", lambda ids: {"send_message_id": ids["email_templates"]}),
    ("proposals", "send", lambda ids: {"send_method": "self", "send_message": "Zelf"}),
    ("proposals", "delete", lambda ids: {}),
    ("webhooks", "create", lambda ids: {**WEBHOOK, "events": ["company_created", "proposal_won"]}),
    ("webhooks", "change", lambda ids: {"active": True, "events": ["all"]}),
    ("webhooks", "change", lambda ids: {**WEBHOOK, "payload_url": "https://portal.example/y"}),
    ("webhooks", "delete", lambda ids: {}),
]


def prepare(desk: Desk) -> Ids:
    """Ids to write to, all of them mirrored: a company with a person, a proposal that can be sent, and so on."""
    account = desk.account
    person = next(iter(account.people.values()))
    proposal = account.create_proposal(person["company_id"], name="Verbouwing", contacts=[person["id"]])
    product = next(iter(account.products.values()))
    return {
        "companies": person["company_id"],
        "people": person["id"],
        "products": product["id"],
        "directories": account.create_directory(name="Leeg")["id"],
        "other_directory": next(one for one in account.directories if one != product["directory_id"]),
        "proposals": proposal["id"],
        "webhooks": account.create_webhook("https://elders.example/")["id"],
        **{
            name: next(iter(getattr(account, name)))
            for name in ("vat_groups", "users", "design_templates", "automation_sets", "text_templates")
        },
        "email_templates": next(iter(account.email_templates)),
        "parents": {"people": person["company_id"], "products": product["directory_id"]},
    }


def columns_of(row: Mirrored) -> dict[str, Any]:
    """What people see of a row; what the engine notes about it is left out."""
    own = {"as_of", "fingerprint", "details_fingerprint", "details_as_of", "payload"}
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in own}


def parts_of(row: Mirrored) -> dict[str, list[dict[str, Any]]]:
    """The parts of a proposal that its details tell."""
    if not isinstance(row, Proposal):
        return {}
    parts: dict[str, models.QuerySet[Any]] = {
        "receivers": row.receivers.all(),
        "emails": row.emails.all(),
        "log": row.log_entries.all(),
        "tables": row.price_tables.all(),
    }
    return {
        name: [{key: value for key, value in part.items() if key != "id"} for part in found.values()]
        for name, found in parts.items()
    }


def read_anew(desk: Desk, client: Client, operation: Operation) -> None:
    """What a sync would do: ask Offorte for the thing, or read its list, and apply the answer."""
    resource, remote_id = TARGETS[operation.target].resource, operation.remote_id or 0
    if resource.has_get:
        asks: dict[str, Callable[[], Fetched]] = {
            "companies": lambda: client.get_company(remote_id),
            "people": lambda: client.get_person(operation.parent_remote_id or 0, remote_id),
            "proposals": lambda: client.get_proposal(remote_id),
            "webhooks": lambda: client.get_webhook(remote_id),
        }
        fetched = asks[operation.target]()
        apply_object(desk.connection.pk, resource, remote_id, fetched.data, as_of=fetched.requested_at)
        return
    row = resource.model._default_manager.get(remote_id=remote_id)
    bucket = str(getattr(row, resource.bucket)) if resource.bucket else ""
    for page in client.iterate_pages(operation.target, bucket=bucket or None):
        apply_list(desk.connection.pk, resource, page.items, as_of=page.requested_at, bucket=bucket)


@pytest.mark.parametrize("vintage", ["2018", "live"])
@pytest.mark.parametrize(
    ("target", "verb", "make_draft"), CASES, ids=[f"{target}-{verb}-{n}" for n, (target, verb, _) in enumerate(CASES)]
)
def test_it_is_sent_as_documented_and_shown_at_once(
    desk: Desk, target: str, verb: str, make_draft: Callable[[Ids], dict[str, Any]], vintage: Any
) -> None:
    desk.simulator.switches.vintage = vintage
    ids = prepare(desk)
    desk.sync()
    remote_id = None if verb == "create" else ids[target]
    parent = ids["parents"].get(target)

    operation = desk.do(verb, target, make_draft(ids), remote_id=remote_id, parent_remote_id=parent)

    assert (operation.state, operation.reason) == (Operation.State.DONE, None)
    (request,) = desk.written()
    documented = ENDPOINTS[target, verb]
    assert request.method == documented.method
    assert request.path == documented.path.format(id=remote_id, parent=parent)
    assert request.query == {}
    assert request.headers["Authorization"].startswith("Bearer ")
    if documented.types is None:
        assert request.body is None
    else:
        assert request.headers["Content-Type"] == "application/json; charset=utf-8"
        assert request.body.keys() == make_draft(ids).keys()
        for name, value in request.body.items():
            assert isinstance(value, documented.types[name]), name
            assert isinstance(value, bool) == (documented.types[name] is bool), name
    assert_shown(desk, operation)


def assert_shown(desk: Desk, operation: Operation) -> None:
    """The mirror is as if Offorte had been asked again."""
    rows = TARGETS[operation.target].resource.model._default_manager
    row = rows.get(connection=desk.connection, remote_id=operation.remote_id or 0)
    if operation.verb == "delete":
        assert row.removed_at is not None
        return
    assert row.removed_at is None
    shown, parts = columns_of(row), parts_of(row)
    client = connections.client(desk.connection, Lane.PERSON)
    read_anew(desk, client, operation)
    client.transport.close()
    row = rows.get(pk=row.pk)
    assert columns_of(row) == shown
    assert parts_of(row) == parts
