"""Every parameter and every type of row of the reference, typed into the portal's pages, as it arrives at Offorte."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Company, Person
from offorte_portal.compose.models import Draft
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from proposals.models import Proposal
from tests.browser.composing import add, press, row
from tests.support.factories import make_staff
from tests.support.forms import Mirror, writes_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NUMBER = (int, float)
# The tables of parameters under "Create proposal", "Update proposal" and "Send proposal".
CREATE = {
    "account_user_id": int,
    "company_contacts": list,
    "company_id": int,
    "design_template_id": int,
    "automations_set_id": int,
    "text_template_id": int,
    "name": str,
    "proposal_template_id": int,
    "content": dict,
}
UPDATE = {
    "account_user_id": int,
    "company_contacts": list,
    "company_id": int,
    "design_template_id": int,
    "name": str,
    "price_total": NUMBER,
    "status": str,
    "text_template_id": int,
}
SEND = {"password_reset": bool, "send_method": str, "send_message": str, "send_message_id": int}
# "Required fields per row type".
ROWS: dict[str, dict[str, Any]] = {
    "price": {
        "type": str,
        "content": str,
        "count": NUMBER,
        "price": NUMBER,
        "vat_percentage": NUMBER,
        "userinput_optional": bool,
        "userinput_optional_checked": bool,
        "userinput_count": bool,
    },
    "discount": {"type": str, "content": str, "discount": NUMBER},
    "subtotal": {"type": str, "content": str},
    "title": {"type": str, "content": str},
}


def is_documented(body: dict[str, Any], reference: dict[str, Any]) -> bool:
    """Whether each key is in the reference, with a value of its type; true is no number."""
    kinds = {key: NUMBER if reference.get(key) is NUMBER else (reference.get(key),) for key in body}
    return all(type(body[key]) in kinds[key] for key in body)


@pytest.fixture
def connection(mirror: Mirror, sign_in: Callable[[User], None]) -> Connection:
    sign_in(make_staff("sanne", first_name="Sanne", last_name="de Wit"))
    return mirror()


@pytest.fixture
def companies(connection: Connection) -> list[Company]:
    """Two that have somebody with an e-mail address."""
    able = Person.objects.exclude(email="").exclude(company=None).values_list("company", flat=True)
    return list(Company.objects.filter(pk__in=able).order_by("pk")[:2])


def choose(page: Page, **chosen: int) -> None:
    """Choose from lists, by parameter and Offorte's id."""
    for name, remote_id in chosen.items():
        page.locator(f"select[name={name}]").select_option(str(remote_id))


def choose_company(page: Page, company: Company) -> list[int]:
    """Search for a company, choose it, and all of its people as receivers; answers whom."""
    page.get_by_role("searchbox", name="Search for a company").fill(company.name)
    page.locator(f"input[name=company_id][value='{company.remote_id}']").check()
    people = list(Person.objects.filter(company=company).exclude(email="").order_by("name_key"))
    for person in people:
        page.get_by_label(f"{person} ({person.email})").check()
    return [person.remote_id for person in people]


def mark(page: Page, number: int, *flags: str) -> None:
    """Set flags of a row in its menu."""
    row(page, number).locator("summary").click()
    for flag in flags:
        page.get_by_role("button", name=flag).click()
    page.keyboard.press("Escape")


def fill_rows(page: Page) -> list[dict[str, Any]]:
    """A row of each kind and with each flag; answers what the reference makes of them."""
    page.locator("[data-act=title]").click()
    row(page, 0).get_by_label("Title").fill("Dak & goot")
    add(page, "Balk", "Isolatie", "Dakraam", "Inruil")
    expected: list[dict[str, Any]] = [{"type": "title", "content": "<p>Dak &amp; goot</p>"}]
    for number, (text, count, price, vat, flags) in enumerate(
        (
            ("Balk", "2,5", "1.234,50", 21, ()),
            ("Isolatie", "3", "100", 9, ("Optional", "Preselected", "Quantity by prospect")),
            ("Dakraam", "1", "0.1", 0, ("Optional",)),
            ("Inruil", "1", "-250", 21, ("Quantity by prospect",)),
        ),
        start=1,
    ):
        row(page, number).get_by_label("Quantity").fill(count)
        row(page, number).get_by_label("Price").fill(price)
        row(page, number).get_by_label("VAT").select_option(str(vat))
        mark(page, number, *flags)
        amounts = {"2,5": 2.5, "1.234,50": 1234.5}
        expected.append(
            {
                "type": "price",
                "content": f"<p>{text}</p>",
                "count": amounts.get(count) or float(count),
                "price": amounts.get(price) or float(price),
                "vat_percentage": vat,
                "userinput_optional": "Optional" in flags,
                "userinput_optional_checked": "Preselected" in flags,
                "userinput_count": "Quantity by prospect" in flags,
            }
        )
    page.locator("[data-act=discount]").click()
    row(page, 5).get_by_role("textbox", name="Discount", exact=True).fill("Vaste klant")
    row(page, 5).get_by_label("Discount percentage").fill("12,5")
    page.locator("[data-act=subtotal]").click()
    row(page, 6).get_by_role("textbox").fill("Samen")
    return [
        *expected,
        {"type": "discount", "content": "<p>Vaste klant</p>", "discount": 12.5},
        {"type": "subtotal", "content": "<p>Samen</p>"},
    ]


def create(page: Page, portal: str, simulator: Simulator, company: Company) -> Proposal:
    """Compose with every parameter and type of row."""
    account = simulator.account("bouw")
    template = next(key for key, each in account.proposal_templates.items() if "opties" in each["tables"])
    page.goto(f"{portal}/compose/new/")
    page.get_by_label("Name", exact=True).fill("Dak van {company}")
    contacts = choose_company(page, company)
    chosen = {
        "account_user_id": list(account.users)[1],
        "proposal_template_id": template,
        "design_template_id": list(account.design_templates)[1],
        "text_template_id": list(account.text_templates)[1],
        "automations_set_id": next(iter(account.automation_sets)),
    }
    choose(page, **chosen)
    page.get_by_text("Advanced", exact=True).click()
    page.get_by_label("Unique ID").fill("opties")
    rows = fill_rows(page)
    shown = page.locator("[data-bar-amount]").inner_text()
    press(page, "Create in Offorte")
    expect(page.get_by_text("It hasn’t been sent to anyone yet.")).to_be_visible()
    ((method, path, created),) = writes_of(simulator)
    assert (method, path) == ("POST", "/proposals/")
    assert created == {
        **chosen,
        "name": f"Dak van {company.name}",
        "company_id": company.remote_id,
        "company_contacts": contacts,
        "content": {"pricetables": [{"id": "opties", "rows": rows}]},
    }
    assert created.keys() == CREATE.keys()
    assert is_documented(created, CREATE)
    for one in created["content"]["pricetables"][0]["rows"]:
        assert one.keys() == ROWS[one["type"]].keys()
        assert is_documented(one, ROWS[one["type"]])
    assert {one["type"] for one in rows} == ROWS.keys()
    proposal = Proposal.objects.get(remote_id=max(account.proposals))
    assert proposal.price_total == Draft.objects.get().value
    theirs = proposal.price_tables.get(key="opties").total
    assert shown.replace("\u00a0", " ") == f"€ {theirs:,.2f}"
    return proposal


def change(page: Page, portal: str, simulator: Simulator, proposal: Proposal, company: Company) -> None:
    """Give every parameter another value, in the proposal's form."""
    account = simulator.account("bouw")
    user, design, words = (
        next(iter(each)) for each in (account.users, account.design_templates, account.text_templates)
    )
    simulator.log.clear()
    page.goto(portal + reverse("admin:proposals_proposal_edit", args=[proposal.pk]))
    page.get_by_label("Name", exact=False).first.fill("Dak, tweede versie")
    page.get_by_label("Pipeline value").fill("15.000,50")
    page.locator("select[name=status]").select_option("open")
    choose(page, account_user_id=user, design_template_id=design, text_template_id=words)
    contacts = choose_company(page, company)
    press(page, "Save")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dak, tweede versie")
    ((method, path, changed),) = writes_of(simulator)
    assert (method, path) == ("PATCH", f"/proposals/{proposal.remote_id}/details/")
    assert changed == {
        "account_user_id": user,
        "company_contacts": contacts,
        "company_id": company.remote_id,
        "design_template_id": design,
        "name": "Dak, tweede versie",
        "price_total": 15000.5,
        "status": "open",
        "text_template_id": words,
    }
    assert changed.keys() == UPDATE.keys()
    assert is_documented(changed, UPDATE)


def send(page: Page, portal: str, simulator: Simulator, proposal: Proposal) -> None:
    """Through Offorte with words of one's own; then by oneself with a template and new passwords."""
    mail = next(iter(simulator.account("bouw").email_templates))
    simulator.log.clear()
    message = "Dag {company_people_firstname},\n\nHierbij de offerte. Tot ziens!"
    page.goto(f"{portal}/send/{proposal.pk}/")
    page.get_by_label("Yes, send it again").check()
    page.get_by_label("Offorte sends it by e-mail").check()
    page.get_by_label("Message", exact=True).fill(message)
    page.get_by_role("button", name="Review before sending").click()
    page.get_by_role("button", name="Send to").click()
    expect(page.get_by_role("heading", name="Sent", exact=True)).to_be_visible()
    page.goto(f"{portal}/send/{proposal.pk}/")
    page.get_by_label("Yes, send it again").check()
    page.get_by_label("I share the links myself").check()
    page.get_by_label("Give everyone a new password").check()
    page.get_by_label("An e-mail template").check()
    choose(page, send_message_id=mail)
    page.get_by_role("button", name="Review before sending").click()
    page.get_by_role("button", name="Create links").click()
    expect(page.get_by_role("heading", name="Sent", exact=True)).to_be_visible()
    sends = [body for method, path, body in writes_of(simulator) if path == f"/proposals/{proposal.remote_id}/send/"]
    assert sends == [
        {"password_reset": False, "send_method": "offorte", "send_message": message},
        {"password_reset": True, "send_method": "self", "send_message_id": mail},
    ]
    assert {name for body in sends for name in body} == SEND.keys()
    assert all(is_documented(body, SEND) for body in sends)
    assert len(simulator.sent_mails) == 1


def test_every_parameter_of_the_reference_arrives(
    page: Page, live_server: LiveServer, simulator: Simulator, companies: list[Company]
) -> None:
    first, second = companies
    proposal = create(page, live_server.url, simulator, first)
    change(page, live_server.url, simulator, proposal, second)
    send(page, live_server.url, simulator, proposal)
