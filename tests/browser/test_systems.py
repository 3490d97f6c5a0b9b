"""The pipeline and the reports with quotes of other systems, in a browser."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.journeys.steps import check_open_page
from tests.support.factories import make_connection, make_proposal, make_staff
from tests.support.feed import bring_up_to_date
from tests.support.quotes import make_quote, make_source

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def quotes(sign_in: Callable[[User], None]) -> None:
    """A proposal, and beside it quotes in two currencies, one without a total."""
    sign_in(make_staff("sanne"))
    make_proposal(make_connection(), name="Dak", status="open", price_total=Decimal(1000))
    bring_up_to_date()
    source, today = make_source(label="Nordvik CRM met een lange naam"), timezone.localdate()
    make_quote(source, title="Tak", company_name="Lindqvist", owner_name="Sanne Jansen")
    make_quote(source, title="Fasad", currency="EUR", total=None)
    make_quote(source, title="Altan", status="won", decided_on=today)
    make_quote(source, title="Garage", status="won", currency="EUR", decided_on=today)


def test_the_switch_on_the_board(
    page: Page, live_server: LiveServer, quotes: None, axe: Callable[[Page], None]
) -> None:
    page.goto(f"{live_server.url}/board/")
    expect(page.get_by_role("link", name="Tak")).to_have_count(0)
    page.get_by_role("navigation", name="From which system").get_by_role("link", name="Both").click()
    card = page.locator(".board-quote", has_text="Tak")
    expect(card).to_contain_text("Nordvik CRM")
    check_open_page(page, axe)
    # To look at: no menu, and dragged nowhere.
    assert card.get_attribute("draggable") is None
    expect(card.locator("[data-move]")).to_have_count(0)
    page.set_viewport_size({"width": 1440, "height": 900})
    card.drag_to(page.locator("[data-column=won]"))
    expect(page.locator("[data-column=open]").get_by_role("link", name="Tak")).to_be_visible()
    page.get_by_role("link", name="Tak").click()
    expect(page.get_by_role("heading", name="Tak", level=1)).to_be_visible()


def test_the_switch_in_the_reports(
    page: Page, live_server: LiveServer, quotes: None, axe: Callable[[Page], None]
) -> None:
    page.goto(f"{live_server.url}/reports/?who=team")
    page.get_by_role("navigation", name="From which system").get_by_role("link", name="Both").click()
    expect(page.get_by_role("heading", name="Other systems")).to_be_visible()
    check_open_page(page, axe)
    page.get_by_role("link", name="SEK\u00a0100").first.click()
    expect(page.get_by_role("link", name="Altan")).to_be_visible()
    expect(page.get_by_role("link", name="Garage")).to_have_count(0)
