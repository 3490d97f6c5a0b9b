"""From record to record, and the pages of companies and people, in a real browser: keys, phones, dark, axe."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Company, Person
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from proposals.models import Receiver
from tests.activity.pages.entries import Kind, make_entry
from tests.browser.looking import look
from tests.support.factories import make_company, make_person, make_proposal, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AxeCheck = Callable[[Page], None]


@pytest.fixture(autouse=True)
def _staff(sign_in: Callable[[User], None]) -> None:
    sign_in(make_staff("sanne", first_name="Sanne", last_name="Jansen"))


@pytest.fixture
def company() -> Company:
    """A company that can be reached in every way, with eleven proposals and thirty things that happened."""
    company = make_company(
        name="De Vries Bouw", phone="076 123 45 67", email="info@vries.example", internet="www.vries.example",
        street="Ginnekenweg 1", zipcode="4818 JA", city="Breda", vat_number="NL123456789B01",
    )  # fmt: skip
    anna = make_person(company=company, fullname="Anna de Vries", mobile="06 12345678", email="anna@vries.example")
    make_person(company=company, fullname="Bo de Wit", phone="076 7654321", email="")
    for number in range(11):
        proposal = make_proposal(
            company=company,
            name=f"Dakkapel {number}",
            number=f"2026-{number}",
            status=("open", "won", "lost")[number % 3],
            price_total=Decimal(1250 * number),
            price_total_display="€ 1",
            viewed_at=timezone.now() - timedelta(days=number),
        )
        Receiver.objects.create(proposal=proposal, remote_id=number, position=0, email=anna.email)
        for step, kind in enumerate((Kind.SENT, Kind.VIEWED, Kind.COMMENTED)):
            make_entry(proposal, kind, minutes=600 * number - step, text="Kan het ook in eiken?")
    return company


def press(page: Page, key: str) -> None:
    """Press a key once the page's scripts have run."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def test_keys_and_arrows_lead_through_the_list_and_back(page: Page, live_server: LiveServer, axe: AxeCheck) -> None:
    for name in ("Alfa", "Beta", "Gamma"):
        make_company(name=name, city="Breda")
    make_company(name="Bravo", city="Tilburg")
    heading = page.get_by_role("heading", level=1)
    page.goto(f"{live_server.url}/contacts/company/?city=Breda&o=-title")
    page.get_by_role("link", name="Gamma").click()
    expect(page.get_by_text("1 of 3")).to_be_visible()
    axe(page)
    press(page, "j")
    expect(heading).to_have_text("Beta")
    page.get_by_role("link", name="Next in the list").press("Enter")
    expect(heading).to_have_text("Alfa")
    expect(page.get_by_role("link", name="Next in the list")).to_have_count(0)
    axe(page)
    press(page, "j")
    press(page, "k")
    expect(heading).to_have_text("Beta")
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts").get_by_text("Next in the list")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("City").press_sequentially("jk")
    page.get_by_role("link", name="Cancel").click()
    expect(heading).to_have_text("Beta")
    expect(page.get_by_text("2 of 3")).to_be_visible()
    page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link", name="Companies").click()
    expect(page.get_by_role("link", name="Gamma")).to_be_visible()
    expect(page.get_by_role("link", name="Bravo")).to_have_count(0)


def test_who_switched_single_keys_off_stays(page: Page, live_server: LiveServer) -> None:
    for name in ("Alfa", "Beta"):
        make_company(name=name)
    page.goto(f"{live_server.url}/contacts/company/")
    page.evaluate("localStorage.setItem('single-keys', 'off')")
    page.get_by_role("link", name="Alfa").click()
    expect(page.get_by_text("1 of 2")).to_be_visible()
    press(page, "j")
    page.wait_for_timeout(300)
    expect(page.get_by_role("heading", level=1)).to_have_text("Alfa")


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_company_and_a_person_can_be_acted_on_on_any_screen(
    page: Page, live_server: LiveServer, axe: AxeCheck, company: Company, width: int, scheme: Any
) -> None:
    person = Person.objects.get(fullname="Anna de Vries")
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    faults: dict[str, Any] = {}
    for path in (f"company/{company.pk}", f"person/{person.pk}"):
        page.goto(f"{live_server.url}/contacts/{path}/change/?_changelist_filters=p%3D1")
        faults |= look(page, axe, f"{path.partition('/')[0]}-{width}-{scheme}")
        way = page.get_by_role("list", name="Contact details")
        number = "+31612345678" if "person" in path else "+31761234567"
        expect(way.get_by_role("link").first).to_have_attribute("href", f"tel:{number}")
        assert way.get_by_role("link").first.evaluate("one => one.closest('li').getBoundingClientRect().bottom") < 844
        expect(page.get_by_role("link", name="New proposal")).to_be_in_viewport()
    assert faults == {}


def test_earlier_activity_and_proposals_unfold(
    page: Page, live_server: LiveServer, axe: AxeCheck, company: Company
) -> None:
    page.goto(f"{live_server.url}/contacts/company/{company.pk}/change/")
    history = page.locator(".history")
    expect(history.get_by_role("listitem")).to_have_count(10)
    history.get_by_text("Earlier activity").press("Enter")
    expect(history.get_by_role("listitem")).to_have_count(33)
    oldest = page.locator(".rows").get_by_role("link", name="Dakkapel 0", exact=True)
    expect(oldest).to_be_hidden()
    page.get_by_text("3 earlier").press("Enter")
    axe(page)
    oldest.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dakkapel 0")


def test_a_new_proposal_begins_with_the_person_as_recipient(
    page: Page, live_server: LiveServer, company: Company
) -> None:
    person = Person.objects.get(fullname="Anna de Vries")
    Person.objects.filter(company=company).update(company_remote_id=company.remote_id)
    page.goto(f"{live_server.url}/contacts/person/{person.pk}/change/")
    page.get_by_role("link", name="New proposal").click()
    expect(page.get_by_role("checkbox", name="Anna de Vries")).to_be_checked()


def test_details_that_arrive_by_themselves_leave_the_arrows(
    page: Page, live_server: LiveServer, simulator: Simulator, connect: Callable[..., Connection]
) -> None:
    connection, yesterday = connect(), timezone.now() - timedelta(days=1)
    for remote_id in sorted(simulator.account("bouw").proposals)[:2]:
        make_proposal(connection, remote_id=remote_id, as_of=yesterday, name=f"Zoals de lijst zegt {remote_id}")
    page.goto(f"{live_server.url}/proposals/proposal/?status=open,won,lost,closed,edit")
    page.get_by_role("link", name="Zoals de lijst zegt").first.click()
    expect(page.get_by_role("heading", name="Activity")).to_be_visible()
    expect(page.get_by_text("1 of 2")).to_be_visible()
    press(page, "j")
    expect(page.get_by_text("2 of 2")).to_be_visible()
