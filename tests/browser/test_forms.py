"""Forms in a real browser: a rejected field, a conflict, a lost session, a picker; with axe and under the CSP."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from catalog.models import Product, ProductDirectory
from contacts.models import Company, Person
from offorte_portal.simulator import Fault, Simulator
from proposals.models import Proposal
from tests.journeys.steps import DESK, check_open_page
from tests.support.factories import make_staff
from tests.support.forms import Mirror, writes_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AxeCheck = Callable[[Page], None]


@pytest.fixture
def company(mirror: Mirror) -> Company:
    mirror("companies")
    return Company.objects.order_by("pk")[0]


@pytest.fixture(autouse=True)
def staff(sign_in: Callable[[User], None]) -> User:
    user = make_staff("sanne", first_name="Sanne", last_name="Jansen")
    sign_in(user)
    return user


def check_here(page: Page, axe: AxeCheck) -> None:
    """Check the page as it is now, and go on with it at a desk."""
    check_open_page(page, axe)
    page.set_viewport_size(DESK)


def edit(page: Page, base: str, company: Company) -> None:
    page.goto(f"{base}/contacts/company/{company.pk}/change/")
    page.get_by_role("link", name="Edit", exact=True).click()
    expect(page.get_by_role("heading", name=f"Edit {company.name}")).to_be_visible()
    page.wait_for_load_state()


def save(page: Page) -> None:
    page.locator(".save-bar button").click()


def test_a_rejected_field_comes_back_and_is_corrected(
    page: Page, live_server: LiveServer, axe: AxeCheck, simulator: Simulator, company: Company
) -> None:
    edit(page, live_server.url, company)
    check_here(page, axe)
    page.get_by_label("E-mail").fill("jan@localhost")
    page.get_by_label("City").fill("Oss")
    save(page)
    field = page.get_by_label("E-mail")
    expect(field).to_have_value("jan@localhost")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#form-errors")).to_be_focused()
    expect(page.locator(".field", has=field).locator(".errorlist")).to_have_text("Offorte: must be an e-mail address")
    expect(page.get_by_label("City")).to_have_value("Oss")
    check_here(page, axe)
    field.fill("jan@example.com")
    save(page)
    expect(page.get_by_role("status").filter(has_text="was saved in Offorte")).to_be_visible()
    expect(page.get_by_text("jan@example.com")).to_be_visible()
    sent = {"email": "jan@example.com", "city": "Oss"}
    assert [body for _, _, body in writes_of(simulator)] == [{"email": "jan@localhost", "city": "Oss"}, sent]


def test_a_doubt_and_a_conflict_are_settled_by_keyboard_alone(
    page: Page, live_server: LiveServer, axe: AxeCheck, simulator: Simulator, company: Company
) -> None:
    edit(page, live_server.url, company)
    simulator.account("bouw").update_company(company.remote_id, city="Tilburg")
    page.get_by_label("VAT number").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("NL123")
    page.get_by_label("City").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Oss")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Is this right?")).to_be_visible()
    check_here(page, axe)
    page.get_by_role("button", name="Save anyway").press("Enter")
    expect(page.get_by_text("Someone changed this")).to_be_visible()
    check_here(page, axe)
    mine = page.get_by_role("radio", name=re.compile("Yours"))
    page.get_by_role("radio", name=re.compile("In Offorte now")).focus()
    page.keyboard.press("ArrowDown")
    expect(mine).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="was saved in Offorte")).to_be_visible()
    assert [body for _, _, body in writes_of(simulator)] == [{"city": "Oss", "vat_number": "NL123"}]


def test_what_was_typed_survives_a_session_that_ended(
    page: Page,
    live_server: LiveServer,
    sign_in: Callable[[User], None],
    simulator: Simulator,
    staff: User,
    company: Company,
) -> None:
    edit(page, live_server.url, company)
    url = page.url
    page.get_by_label("City").fill("Oss")
    page.get_by_label("Phone").fill("0401234567")
    Session.objects.all().delete()
    save(page)
    expect(page).to_have_url(re.compile("/login/"))
    sign_in(staff)
    page.goto(url)
    expect(page.get_by_text("were restored")).to_be_visible()
    expect(page.get_by_label("City")).to_have_value("Oss")
    expect(page.get_by_label("Phone")).to_have_value("0401234567")
    save(page)
    expect(page.get_by_role("status").filter(has_text="was saved in Offorte")).to_be_visible()
    assert [body for _, _, body in writes_of(simulator)] == [{"city": "Oss", "phone": "0401234567"}]
    page.goto(url)
    expect(page.get_by_label("City")).to_have_value("Oss")
    expect(page.get_by_text("were restored")).to_be_hidden()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))") == []


def test_a_draft_does_not_overwrite_what_changed_since(
    page: Page, live_server: LiveServer, simulator: Simulator, company: Company
) -> None:
    edit(page, live_server.url, company)
    url = page.url
    page.get_by_label("City").fill("Oss")
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('draft:'))")
    Company.objects.filter(pk=company.pk).update(city="Tilburg")
    page.goto(url)
    expect(page.get_by_label("City")).to_have_value("Oss")
    save(page)
    expect(page.get_by_text("Someone changed this")).to_be_visible()
    assert writes_of(simulator) == []
    page.wait_for_load_state()
    page.get_by_role("link", name="Cancel").click()
    page.goto(url)
    expect(page.get_by_label("City")).to_have_value("Tilburg")


def test_a_draft_can_be_discarded(page: Page, live_server: LiveServer, company: Company) -> None:
    edit(page, live_server.url, company)
    page.get_by_label("City").fill("Oss")
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('draft:'))")
    page.reload()
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_label("City")).to_have_value(company.city)
    expect(page.get_by_text("were restored")).to_be_hidden()


def test_a_double_click_saves_once(page: Page, live_server: LiveServer, simulator: Simulator, company: Company) -> None:
    page.goto(f"{live_server.url}/contacts/company/add/")
    page.get_by_label("Name").fill("Nieuwe Firma")
    simulator.faults.add(Fault("slow", method="POST", seconds=0.5))
    page.locator(".save-bar button").dblclick()
    expect(page.get_by_role("heading", name="Nieuwe Firma", exact=True)).to_be_visible()
    assert len(writes_of(simulator)) == 1


def test_a_person_is_added_to_a_company_that_is_searched_for(
    page: Page, live_server: LiveServer, axe: AxeCheck, simulator: Simulator, company: Company
) -> None:
    page.goto(f"{live_server.url}/contacts/person/add/")
    page.get_by_role("searchbox", name="Search for a company").press_sequentially(company.name[:12])
    page.get_by_role("radio", name=company.name).check()
    check_here(page, axe)
    page.get_by_label("Full name").fill("Noor Smit")
    page.get_by_label("E-mail").fill("noor@example.com")
    save(page)
    expect(page.get_by_role("heading", name="Noor Smit")).to_be_visible()
    assert Person.objects.get(fullname="Noor Smit").company == company


def test_what_waits_is_marked_and_deleting_says_what_goes(
    page: Page, live_server: LiveServer, axe: AxeCheck, simulator: Simulator, company: Company
) -> None:
    simulator.faults.add(Fault("unavailable_503_html", times=None))
    edit(page, live_server.url, company)
    page.get_by_label("City").fill("Oss")
    save(page)
    expect(page.get_by_text("A change hasn’t reached Offorte yet.")).to_be_visible()
    check_here(page, axe)
    page.goto(f"{live_server.url}/contacts/company/")
    expect(
        page.get_by_role("cell", name=re.compile(f"{re.escape(company.name)}.*waiting")).or_(
            page.get_by_role("rowheader", name=re.compile(f"{re.escape(company.name)}.*waiting"))
        )
    ).to_be_visible()
    check_here(page, axe)
    page.goto(f"{live_server.url}/contacts/company/{company.pk}/change/")
    page.get_by_role("link", name="Delete…").click()
    expect(page.get_by_text("This can’t be undone.")).to_be_visible()
    check_here(page, axe)


def test_every_form_is_accessible(page: Page, live_server: LiveServer, axe: AxeCheck, mirror: Mirror) -> None:
    mirror()
    proposal = Proposal.objects.filter(company__people__isnull=False).order_by("pk")[0]
    directory = ProductDirectory.objects.filter(products__isnull=False).order_by("pk")[0]
    for path in (
        f"proposals/proposal/{proposal.pk}/edit",
        f"catalog/product/{Product.objects.order_by('pk')[0].pk}/edit",
        f"catalog/productdirectory/{directory.pk}/delete",
        "catalog/productdirectory/add",
        "webhooks/webhook/add",
    ):
        page.goto(f"{live_server.url}/{path}/")
        check_open_page(page, axe)


def test_receivers_follow_the_company(page: Page, live_server: LiveServer, mirror: Mirror) -> None:
    mirror()
    person = Person.objects.exclude(email="").select_related("company").order_by("pk")[0]
    company = person.company
    assert company is not None
    proposal = Proposal.objects.exclude(company=company).order_by("pk")[0]
    page.goto(f"{live_server.url}/proposals/proposal/{proposal.pk}/edit/")
    page.get_by_role("searchbox", name="Search for a company").press_sequentially(company.name[:14])
    page.get_by_role("radio", name=company.name).check()
    expect(page.get_by_role("checkbox", name=re.compile(re.escape(person.email)))).to_be_visible()
