"""Reports in a browser: accessible, read without a pointer or colours, on a phone and on paper."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from offorte_portal.tracking.models import Loss, LostReason
from proposals.models import SentEmail
from tests.journeys.steps import SIZES, Axe, check_open_page
from tests.support.factories import link, make_proposal
from tests.support.feed import bring_up_to_date

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def filled(page: Page, sign_in: Callable[[User], None]) -> None:
    """A manager who sells too, with proposals of every status."""
    user = User.objects.create_superuser("sanne", "sanne@example.nl", "portal", first_name="Sanne")
    sign_in(user)
    page.emulate_media(reduced_motion="reduce")
    now = timezone.now()
    for number, status in enumerate(["won", "lost", "open", "edit"] * 3):
        proposal = make_proposal(
            status=status,
            price_total=Decimal(12_345 * (number + 1)),
            owner_email="sanne@example.nl",
            remote_created_at=now - timedelta(days=25 * number + 6),
            remote_modified_at=now - timedelta(days=25 * number),
        )
        SentEmail.objects.create(proposal=proposal, remote_id=1, position=0, sent_at=now - timedelta(days=25 * number))
        if status == "lost" and number < 8:
            reason = LostReason.objects.order_by("pk")[0]
            Loss.objects.create(connection=proposal.connection, proposal=proposal, reason=reason)
    link(user)
    bring_up_to_date()


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    "path", ["cohorts/", "lost/", "lost/?by=competitor", "products/", "forecast/", "teams/", "teams/new/"]
)
def test_each_report_is_accessible(page: Page, live_server: LiveServer, axe: Axe, path: str) -> None:
    page.goto(f"{live_server.url}/reports/{path}")
    check_open_page(page, axe)


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("path", ["", "products/", "forecast/"])
def test_the_tab_of_the_report_is_in_sight_on_a_phone(page: Page, live_server: LiveServer, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/reports/{path}")
    tab = page.locator(".tabs > [aria-current]")
    expect(tab).to_be_in_viewport(ratio=1)
    assert page.evaluate("window.scrollY") == 0


@pytest.mark.usefixtures("filled")
def test_values_of_a_chart_are_in_a_table(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/reports/?who=team")
    page.get_by_text("Show as a table").first.press("Enter")
    expect(page.locator(".chart-table").first).to_contain_text("€\u00a012,345")


@pytest.mark.usefixtures("filled")
def test_a_forecast_is_submitted_by_keyboard(page: Page, live_server: LiveServer, axe: Axe) -> None:
    page.set_viewport_size(SIZES[0])
    page.goto(f"{live_server.url}/reports/forecast/")
    page.locator("input[name$=committed]").first.fill("abc")
    page.keyboard.press("Enter")
    expect(page.locator(".errorlist").first).to_be_visible()
    axe(page)
    page.locator("input[name$=committed]").first.fill("1000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Forecast saved")).to_be_visible()


@pytest.mark.usefixtures("filled")
def test_on_paper_there_is_a_head_and_no_navigation(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/reports/?who=team")
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".report-paper")).to_contain_text("Results")
    for gone in (".sidebar", ".tabs", ".report-form", ".report-files", ".page-head"):
        expect(page.locator(gone).first).to_be_hidden()
