"""A morning of twelve calls on a phone: rows are swiped away, and one is won with a tap."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from offorte_portal.connections.models import Connection
from offorte_portal.simulator.account import Account
from tests.journeys.calling import CALLS, name_of, open_calls, prepare_calls, status_of
from tests.journeys.dutch import check_dutch
from tests.journeys.steps import PHONE
from tests.journeys.words import Words
from tests.support.length import usual_or_long

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("patience", "no_motion", "sanne"),
]


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "has_touch": True, "viewport": PHONE}


def swipe(page: Page, row: Locator, by: int) -> None:
    """Put a finger on the row's reason, move it sideways, and lift it."""
    row.scroll_into_view_if_needed()
    box = row.locator(".call-why").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    browser = page.context.new_cdp_session(page)
    browser.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for part in (0.25, 0.5, 0.75, 1):
        point = {"x": x + by * part, "y": y}
        browser.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    browser.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    browser.detach()


@pytest.mark.parametrize("language", usual_or_long(["nl"], ["en", "nl"]))
def test_twelve_calls_by_touch(
    page: Page, portal: str, offorte: Account, connect: Callable[..., Connection], say: Words
) -> None:
    prepare_calls(offorte, connect)
    rows = open_calls(page, portal)
    if say.language == "nl":
        check_dutch(page)
    swipe(page, rows.nth(0), 30)
    expect(rows).to_have_count(CALLS)
    swipe(page, rows.nth(0), 130)
    expect(page.locator(".call-done")).to_have_count(1)
    # Right after touches that were sent one by one, the browser takes a tap for a part of that gesture.
    page.locator(".call-done").get_by_role("button", name=say("Undo")).click()
    expect(rows).to_have_count(CALLS)
    page.wait_for_load_state()
    name = name_of(rows.nth(0))
    rows.nth(0).get_by_role("button", name=say("Mark %(name)s as won", name=name)).tap()
    expect(page.locator(".call-done")).to_contain_text(say("Won: %s") % name)
    assert status_of(offorte, name) == "won"
    for done in range(2, CALLS + 1):
        swipe(page, rows.nth(0), 130 if done % 2 else -130)
        expect(page.locator(".call-done")).to_have_count(done)
    page.goto(portal)
    expect(page.get_by_role("heading", name=say("No one to call right now"))).to_be_visible()
