"""Whole journeys: what was typed survives, two sellers, sending, approving."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection as database
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Company, Person
from offorte_portal.compose.models import ApprovalSettings, Draft
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.staff.roles import grant
from proposals.models import Proposal
from tests.browser.composing import add, press, row, texts
from tests.compose.drafting import make_draft, price_row
from tests.journeys.steps import Axe, check_open_page, make_member
from tests.support.factories import link, make_staff
from tests.support.forms import Mirror, writes_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


SignIn = Callable[[User], None]


def test_what_was_typed_survives_a_session_that_ended(
    editor: Page, live_server: LiveServer, sign_in: SignIn, user: User, company: Company, complaints: list[str]
) -> None:
    page = editor
    other = Company.objects.exclude(pk=company.pk).order_by("name")[0]
    page.get_by_label("Name", exact=True).fill("Verloren?")
    add(page, "Balk")
    page.get_by_role("searchbox", name="Search for a company").fill(other.name)
    page.get_by_role("radio", name=re.compile(re.escape(other.name))).check()
    row(page, 0).get_by_label("Price").fill("12,50")
    page.wait_for_function("() => Object.values(localStorage).some((kept) => kept.includes('12.5'))")
    Session.objects.all().delete()
    press(page, "Save draft")
    page.wait_for_url("**/accounts/login/**")
    sign_in(user)
    page.goto(f"{live_server.url}/compose/new/?company={company.pk}")
    expect(page.get_by_text("Your unsaved changes from earlier were restored.")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Verloren?")
    assert texts(page) == ["Balk"]
    expect(row(page, 0).get_by_label("Price")).to_have_value("12.50")
    expect(page.get_by_role("radio", name=re.compile(re.escape(other.name)))).to_be_checked()
    press(page, "Save draft")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    draft = Draft.objects.get()
    assert (draft.name, draft.company_remote_id, draft.value) == ("Verloren?", other.remote_id, Decimal("12.50"))
    page.goto(f"{live_server.url}/compose/new/?company={company.pk}")
    expect(page.locator("[data-draft-notice]")).to_be_hidden()
    complaints.clear()


def test_two_sellers_at_one_draft(
    page: Page, live_server: LiveServer, axe: Axe, connection: Connection, user: User
) -> None:
    draft = make_draft(connection, user, price_row(), is_shared=True)
    page.goto(f"{live_server.url}/compose/{draft.pk}/")
    page.get_by_label("Name", exact=True).fill("Van Sanne")
    pim = make_staff("pim", first_name="Pim", last_name="Kok")
    Draft.objects.update(name="Van Pim", version=2, saved_by=pim)
    press(page, "Save draft")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Pim Kok saved this draft")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Van Sanne")
    check_open_page(page, axe)
    alert.get_by_role("button", name="Save mine as a separate draft").press("Enter")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    assert set(Draft.objects.values_list("name", flat=True)) == {"Van Pim", "Van Sanne"}
    page.goto(f"{live_server.url}/compose/")
    check_open_page(page, axe)
    page.get_by_label("Discard Van Sanne").click()
    page.get_by_role("button", name="Discard this draft permanently").click()
    expect(page.get_by_text("Draft “Van Sanne” discarded.")).to_be_visible()


def test_from_a_company_to_a_proposal_that_is_sent(
    page: Page, live_server: LiveServer, axe: Axe, simulator: Simulator, company: Company, user: User
) -> None:
    page.goto(f"{live_server.url}/contacts/company/{company.pk}/change/")
    page.get_by_role("link", name="New proposal").click()
    page.get_by_label("Name", exact=True).fill("Dakkapel {company}")
    page.get_by_label("Proposal template").select_option(label="Standaardofferte")
    add(page, "Dakkapel")
    page.get_by_text("Advanced", exact=True).click()
    page.get_by_label("Unique ID").fill("pricetable1")
    press(page, "Create in Offorte")
    expect(row(page, 0).locator("[data-fault]")).to_have_text("Enter a price.")
    expect(row(page, 0).get_by_label("Price")).to_be_focused()
    check_open_page(page, axe)
    row(page, 0).get_by_label("Price").fill("1.999,50")
    press(page, "Preview")
    preview = page.get_by_role("dialog", name="Preview")
    expect(preview.locator(".row-total td")).to_have_text("€\u00a02,419.40")
    expect(preview.get_by_role("heading", name=f"Dakkapel {company.name}")).to_be_visible()
    check_open_page(page, axe)
    preview.get_by_role("button", name="Close").click()
    press(page, "Create and send…")
    expect(page.get_by_text("It hasn’t been sent to anyone yet.")).to_be_visible()
    expect(page.get_by_role("button", name="Review before sending")).to_be_visible()
    check_open_page(page, axe)
    page.get_by_label("Message", exact=True).fill("Dag ")
    page.get_by_role("button", name="{company_people_firstname}").click()
    expect(page.get_by_label("Message", exact=True)).to_have_value("Dag {company_people_firstname}")
    page.get_by_label("An e-mail template").check()
    expect(page.get_by_label("Message", exact=True)).to_be_hidden()
    page.get_by_label("My own message").check()
    page.get_by_role("button", name="Review before sending").click()
    person = Person.objects.exclude(email="").filter(company=company).order_by("pk")[0]
    expect(page.locator(".message")).to_have_text(f"Dag {person.firstname}")
    check_open_page(page, axe)
    assert simulator.sent_mails == []
    page.get_by_role("button", name=re.compile("^Send to")).click()
    expect(page.get_by_role("heading", name="Sent", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Copy the link of"))).to_have_count(1)
    check_open_page(page, axe)
    assert [(mail.receivers, mail.message) for mail in simulator.sent_mails] == [
        ((person.email,), "Dag {company_people_firstname}")
    ]
    page.get_by_role("link", name="View proposal").click()
    page.get_by_role("link", name="Send again").click()
    page.get_by_role("button", name="Review before sending").click()
    expect(page.get_by_text("Tick this box to send it again.")).to_be_visible()
    check_open_page(page, axe)
    assert len(simulator.sent_mails) == 1


def test_a_manager_approves(
    page: Page,
    live_server: LiveServer,
    axe: Axe,
    simulator: Simulator,
    mirror: Mirror,
    sign_in: SignIn,
) -> None:
    grant(apps, database.SchemaEditorClass(database))
    account = simulator.account("bouw")
    simulator.switches.vintage = "live"
    person = next(one for one in account.people.values() if one["email"])
    owner = next(one for one in account.users.values() if one["email"].startswith("sanne"))
    account.create_proposal(person["company_id"], name="Groot werk", account_user_id=owner["id"])
    mirror()
    ApprovalSettings.objects.create(pk=1, amount_above=-1)
    seller, manager = make_member("Seller", "sanne"), make_member("Manager", "boss")
    proposal = Proposal.objects.get(name="Groot werk")
    link(seller, account_user=proposal.owner)
    sign_in(seller)
    page.goto(f"{live_server.url}/send/{proposal.pk}/")
    expect(page.get_by_text("A manager has to approve this before it is sent.")).to_be_visible()
    page.get_by_role("button", name="Review before sending").click()
    expect(page.get_by_role("button", name="Request approval")).to_be_visible()
    check_open_page(page, axe)
    page.get_by_role("button", name="Request approval").click()
    expect(page.get_by_text("A manager has to approve it.")).to_be_visible()
    assert writes_of(simulator) == []
    sign_in(manager)
    page.goto(f"{live_server.url}/approvals/")
    check_open_page(page, axe)
    page.get_by_label("Note for the requester").fill("Doen")
    page.get_by_role("button", name="Approve and send").click()
    expect(page.get_by_role("heading", name="Sent", exact=True)).to_be_visible()
    assert len(simulator.sent_mails) == 1
    page.goto(f"{live_server.url}/approvals/")
    expect(page.get_by_text("Doen")).to_be_visible()
    page.goto(f"{live_server.url}/approvals/rules/")
    check_open_page(page, axe)
