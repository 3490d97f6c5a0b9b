"""Exports and paper in a real browser: the menu by keyboard, what is downloaded, the pages for axe, the PDF."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from offorte_portal.files.exports import asking, running
from offorte_portal.files.models import Export
from tests.journeys.steps import DESK, check_open_page
from tests.support.factories import make_company, make_connection, make_proposal, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AxeCheck = Callable[[Page], None]
LIST = "/contacts/company/"


@pytest.fixture
def staff(sign_in: Callable[[User], None]) -> User:
    user = make_staff("sanne", first_name="Sanne")
    sign_in(user)
    return user


def check_here(page: Page, axe: AxeCheck) -> None:
    """Check the page as it is now, and go on with it at a desk."""
    check_open_page(page, axe)
    page.set_viewport_size(DESK)


def test_a_list_is_exported_by_keyboard_and_in_the_background(
    page: Page, live_server: LiveServer, axe: AxeCheck, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = make_connection()
    for name in ("Aannemer", "Bakker", "Coiffeur"):
        make_company(account, name=name)
    page.goto(live_server.url + LIST)
    menu = page.locator(".filter-bar .export-menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu.get_by_text("All 3 rows in this list")).to_be_visible()
    check_here(page, axe)
    page.keyboard.press("Tab")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    book = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    assert [row[0] for row in book.worksheets[0].iter_rows(values_only=True)] == [
        "Name",
        "Aannemer",
        "Bakker",
        "Coiffeur",
    ]

    page.goto(live_server.url + LIST)
    page.get_by_label("Select Bakker").check()
    bar = page.locator(".bulk-bar .export-menu")
    bar.locator("summary").click()
    expect(bar.get_by_text("Selected rows")).to_be_visible()
    with page.expect_download() as download:
        bar.get_by_role("button", name="CSV, columns as shown").click()
    assert download.value.path().read_text("utf-8-sig").splitlines()[1].startswith("Bakker,")

    monkeypatch.setattr(asking, "AT_ONCE", 2)
    page.goto(live_server.url + LIST)
    menu.locator("summary").click()
    menu.get_by_role("button", name="Excel, all columns").click()
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    check_here(page, axe)
    running.advance(Export.objects.latest("pk").pk)
    # The page finds out by itself.
    expect(page.get_by_role("link", name="Download")).to_be_visible(timeout=10_000)
    check_here(page, axe)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    book = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    assert len(list(book.worksheets[0].iter_rows())) == 4
    page.goto(live_server.url + "/activity/notifications/")
    expect(page.get_by_text("The file you asked for is ready")).to_be_visible()


def test_a_proposal_on_paper(page: Page, live_server: LiveServer, axe: AxeCheck, staff: User) -> None:
    proposal = make_proposal(
        company=make_company(name="Bakker"), number="2026-1", details_as_of=timezone.now() - timedelta(hours=1)
    )
    page.goto(f"{live_server.url}/proposals/proposal/{proposal.pk}/change/")
    page.get_by_role("link", name="Print").click()
    expect(page.get_by_role("heading", name="Verbouwing kantoor")).to_be_visible()
    check_here(page, axe)
    page.get_by_role("link", name="With comments").click()
    expect(page.get_by_text("There are no comments.")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.get_by_role("heading", name="Verbouwing kantoor")).to_be_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
