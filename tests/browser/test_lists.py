"""A list keeps its place when it is filtered, and its columns are chosen with a mouse or by keyboard."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.looking import FETCHED
from tests.journeys.steps import SIZES, Axe
from tests.support.factories import make_company, make_proposal, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "/proposals/proposal/"
# Where what people look at and press begins.
PLACES = """() => [".tabs", "#changelist-search", ".filter-menu > summary", ".list-card, .card"]
    .map((one) => document.querySelector(one).getBoundingClientRect().top)"""
# How much jumped since the page was asked for, as browsers count it.
SHIFTS = """() => new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; })
        .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(sum), 100);
})"""


@pytest.fixture
def sanne(page: Page, sign_in: Callable[[User], None]) -> User:
    user = make_staff("sanne")
    sign_in(user)
    company = make_company(name="Hotel Mastbosch")
    for number in range(12):
        make_proposal(name=f"Dak {number:02}", company=company, price_total=100 * number)
    return user


def test_nothing_jumps_when_a_filter_is_set(page: Page, live_server: LiveServer, sanne: User) -> None:
    for size in SIZES:
        page.set_viewport_size(size)
        found: dict[str, Any] = {}
        for query in ("", "?status=open", "?status=open&total_min=500&views_max=9&created=week", "?q=nothinglikethis"):
            page.goto(f"{live_server.url}{LIST}{query}")
            page.wait_for_function(FETCHED)
            assert page.evaluate(SHIFTS) < 0.001, query
            found[query] = page.evaluate(PLACES)
        assert all(places == found[""] for places in found.values()), found


def expect_heads(page: Page, *names: str) -> None:
    expect(page.locator("#result_list thead th:not(.action-checkbox-column)")).to_have_text(names)


def test_columns_are_chosen_by_keyboard_and_moved_with_a_mouse(
    page: Page, live_server: LiveServer, axe: Axe, sanne: User
) -> None:
    page.goto(live_server.url + LIST)
    menu = page.locator(".columns-menu")
    menu.locator("summary").press("Enter")
    axe(page)
    for name in ("Views", "Last seen", "Open for", "Heat", "Owner"):
        menu.get_by_role("checkbox", name=name, exact=True).press("Space")
    menu.get_by_role("checkbox", name="Company", exact=True).press("Space")
    up = menu.get_by_role("button", name="Move Company up", exact=True)
    for _ in range(6):
        up.press("Enter")
        expect(up).to_be_focused()
    menu.get_by_role("button", name="Apply").press("Enter")
    expect(page).to_have_url(f"{live_server.url}{LIST}?columns=status_pill,company_text,total")
    expect_heads(page, "Proposal", "Status", "Company", "Total")
    page.goto(live_server.url + LIST)
    expect_heads(page, "Proposal", "Status", "Company", "Total")
    menu.locator("summary").click()
    items = menu.locator("li")
    items.nth(2).drag_to(items.nth(0), target_position={"x": 40, "y": 2})
    menu.get_by_role("button", name="Apply").click()
    expect_heads(page, "Proposal", "Total", "Status", "Company")
    menu.locator("summary").click()
    menu.get_by_role("button", name="Reset").click()
    expect(page.get_by_role("columnheader", name="Heat")).to_be_visible()
