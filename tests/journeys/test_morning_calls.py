"""A morning of twelve calls by keyboard alone: until the list is empty, and Offorte knows what was decided."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from offorte_portal.connections.models import Connection
from offorte_portal.simulator.account import Account
from offorte_portal.tracking.models import FollowUp, Loss
from tests.journeys.calling import CALLS, name_of, open_calls, prepare_calls, status_of
from tests.journeys.dutch import check_dutch
from tests.journeys.steps import DESK, Axe, check_open_page, press_tab_until_focused
from tests.journeys.words import Words

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("patience", "no_motion", "sanne"),
]
# Keeps the address of a phone number that is dialled, for no telephone is here.
DIAL = """() => document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='tel:'], a[href^='mailto:']");
    if (!link) return;
    event.preventDefault();
    document.body.dataset.dialled = link.href;
}, true)"""


@pytest.mark.parametrize("language", ["en", "nl"])
def test_twelve_calls_by_keyboard(
    page: Page, portal: str, axe: Axe, offorte: Account, connect: Callable[..., Connection], say: Words
) -> None:
    prepare_calls(offorte, connect)
    rows = open_calls(page, portal)
    if say.language == "nl":
        check_dutch(page)
    else:
        check_open_page(page, axe)
    page.set_viewport_size(DESK)
    walk(page, rows)
    look_at_the_first(page, rows)
    dial(page)
    follow_up(page, say)
    won = win_and_undo(page, rows, say, offorte)
    lost = lose(page, say, offorte)
    finish(page, say)
    assert (status_of(offorte, won), status_of(offorte, lost)) == ("won", "lost")
    page.goto(portal)
    expect(page.get_by_role("heading", name=say("No one to call right now"))).to_be_visible()


def walk(page: Page, rows: Locator) -> None:
    """j and k go from row to row, and stop at the ends."""
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")


def look_at_the_first(page: Page, rows: Locator) -> None:
    """Enter leads to the proposal, and back leads to the list."""
    name = name_of(rows.nth(0))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.go_back()
    page.wait_for_load_state()
    expect(rows).to_have_count(CALLS)


def dial(page: Page) -> None:
    page.evaluate(DIAL)
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.locator("body")).to_have_attribute("data-dialled", re.compile(r"^(tel|mailto):."))


def follow_up(page: Page, say: Words) -> None:
    """f asks when and what in a dialog; the list is there again."""
    page.keyboard.press("f")
    expect(page.get_by_role("dialog")).to_be_visible()
    press_tab_until_focused(page, page.get_by_role("dialog").get_by_label(say("What to do")))
    page.keyboard.type("Terugbellen over de kleur")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text=say("Follow-up added."))).to_be_visible()
    assert FollowUp.objects.get().note == "Terugbellen over de kleur"


def win_and_undo(page: Page, rows: Locator, say: Words, offorte: Account) -> str:
    """w wins in place: the next row has the focus. u takes it back at Offorte too; the second time it stays."""
    page.wait_for_load_state()
    page.keyboard.press("j")
    name = name_of(rows.nth(0))
    page.keyboard.press("w")
    expect(page.locator(".call-done")).to_contain_text(say("Won: %s") % name)
    expect(rows).to_have_count(CALLS - 1)
    expect(rows.nth(0)).to_be_focused()
    assert status_of(offorte, name) == "won"
    page.keyboard.press("u")
    undone = say("Undone. The previous values are back in Offorte.")
    expect(page.get_by_role("status").filter(has_text=undone)).to_be_visible()
    expect(rows).to_have_count(CALLS)
    assert status_of(offorte, name) == "open"
    row = rows.filter(has=page.get_by_role("link", name=name, exact=True))
    expect(row).to_be_focused()
    page.keyboard.press("w")
    expect(page.locator(".call-done")).to_contain_text(say("Won: %s") % name)
    return name


def lose(page: Page, say: Words, offorte: Account) -> str:
    """l asks for the reason, and takes none for an answer only if it is given."""
    row = page.locator(".call:focus")
    name = name_of(row)
    page.keyboard.press("l")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    press_tab_until_focused(page, dialog.get_by_role("button", name=say("Mark as lost")))
    page.keyboard.press("Enter")
    expect(dialog.get_by_text(say("Choose a reason."))).to_be_visible()
    assert status_of(offorte, name) == "open"
    press_tab_until_focused(page, dialog.get_by_role("radio").first)
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    saved = say("“%(name)s” was saved in Offorte.", name=name)
    expect(page.get_by_role("status").filter(has_text=saved)).to_be_visible()
    assert Loss.objects.get().proposal.name == name
    return name


def finish(page: Page, say: Words) -> None:
    """d and s until no row is left; one comes back with u."""
    page.wait_for_load_state()
    rows = page.locator(".call")
    left = CALLS - 2
    expect(rows).to_have_count(left)
    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(rows).to_have_count(left - 1)
    page.keyboard.press("u")
    back = say("“%s” is back on your list.").partition("%s")[2]
    expect(page.get_by_role("status").filter(has_text=back)).to_be_visible()
    expect(rows).to_have_count(left)
    page.wait_for_load_state()
    page.keyboard.press("j")
    for done in range(1, left):
        page.keyboard.press("d")
        expect(page.locator(".call-done")).to_have_count(done)
        expect(page.locator(".call:focus")).to_have_count(1)
    page.keyboard.press("s")
    expect(page.get_by_role("button", name=say("Tomorrow"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".call-done")).to_have_count(left)
    expect(page.locator("#calls-said")).to_contain_text(say("Snoozed: %s").partition("%s")[0].strip())
