"""The search palette and the shortcuts, by keyboard."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.journeys.steps import Axe, check_open_page
from tests.support.factories import make_company, make_connection, make_proposal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def home(page: Page, live_server: LiveServer, sign_in: Callable[[User], None]) -> Page:
    sign_in(User.objects.create_superuser("sanne", "sanne@example.nl", "portal"))
    make_proposal(name="Dakrenovatie", number="2026-0007", company_name="De Vries", status="won")
    make_company(name="Dakwerken BV")
    make_connection("north")
    page.emulate_media(reduced_motion="reduce")
    page.goto(live_server.url)
    return page


def test_a_proposal_is_found_and_opened_by_keyboard_alone(home: Page, axe: Axe) -> None:
    home.keyboard.press("Control+k")
    expect(home.get_by_role("combobox", name="Search or jump to")).to_be_focused()
    expect(home.get_by_role("option", name="Companies", exact=True)).to_be_visible()
    home.keyboard.type("dak")
    options = home.get_by_role("option")
    expect(options).to_have_count(2)
    expect(options.first).to_have_attribute("aria-selected", "true")
    check_open_page(home, axe)
    home.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    home.keyboard.press("ArrowDown")
    home.keyboard.press("Enter")
    expect(home.get_by_role("heading", level=1)).to_have_text("Dakrenovatie")


def test_what_is_done_is_done_by_keyboard_alone(home: Page, axe: Axe) -> None:
    """From a record to the confirm page of its action; the record is a recent one then; the theme; the account."""
    home.keyboard.press("Control+k")
    home.keyboard.type("dakren")
    home.keyboard.press("Enter")  # before there is any result
    expect(home.get_by_role("heading", level=1)).to_have_text("Dakrenovatie")
    home.wait_for_load_state()  # before that nobody listens to the keyboard
    home.keyboard.press("Control+k")
    expect(home.get_by_role("option", name="Mark as lost…")).to_be_visible()
    home.keyboard.type("lost")
    expect(home.get_by_role("option").first).to_have_text("Mark as lost…")
    home.keyboard.press("Enter")
    expect(home.get_by_role("heading", level=1)).to_have_text("Mark as lost")
    home.wait_for_load_state()
    home.keyboard.press("Control+k")
    expect(home.get_by_role("group", name="Recent").get_by_role("option")).to_have_count(1)
    home.keyboard.type("dark")
    expect(home.get_by_role("option").first).to_have_text("Appearance: Dark")
    check_open_page(home, axe)
    home.keyboard.press("Enter")
    expect(home.locator("html")).to_have_attribute("data-theme", "dark")
    expect(home.get_by_role("combobox", name="Search or jump to")).to_be_hidden()
    home.keyboard.press("Control+k")
    home.keyboard.type("account: north")
    home.keyboard.press("Enter")
    expect(home.get_by_role("heading", level=1)).to_have_text("Mark as lost")
    expect(home.locator(".account-menu")).to_contain_text("north")


def test_slash_opens_it_and_escape_closes_it(home: Page, axe: Axe) -> None:
    home.keyboard.press("/")
    box = home.get_by_role("combobox")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    home.keyboard.type("zzzz")
    expect(home.get_by_text("Nothing found for “zzzz”")).to_be_visible()
    axe(home)
    home.keyboard.press("Escape")
    expect(box).to_be_hidden()


def test_a_question_mark_lists_shortcuts_and_g_goes_places(home: Page, axe: Axe) -> None:
    home.keyboard.press("?")
    expect(home.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    check_open_page(home, axe)
    home.keyboard.press("Escape")
    home.keyboard.press("g")
    home.keyboard.press("c")
    expect(home.get_by_role("heading", level=1)).to_have_text("Companies")


def test_single_keys_can_be_switched_off(home: Page) -> None:
    home.keyboard.press("?")
    home.get_by_label("Shortcuts of single keys").uncheck()
    home.keyboard.press("Escape")
    home.keyboard.press("/")
    expect(home.get_by_role("combobox")).to_be_hidden()
    home.keyboard.press("Control+k")
    expect(home.get_by_role("combobox")).to_be_visible()


def test_a_slash_in_a_field_is_a_slash(home: Page, live_server: LiveServer) -> None:
    home.goto(f"{live_server.url}/proposals/proposal/")
    search = home.get_by_role("searchbox")
    search.click()
    home.keyboard.type("a/b?")
    expect(search).to_have_value("a/b?")
    expect(home.get_by_role("combobox")).to_be_hidden()
