"""Twelve customers to call about proposals of Sanne’s at Offorte: two asked something, all looked again and again."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from offorte_portal.connections.models import Connection
from offorte_portal.simulator.account import Account
from tests.journeys.selling import give, mirror
from tests.support.feed import bring_up_to_date

CALLS = 12


def prepare_calls(offorte: Account, connect: Callable[..., Connection]) -> None:
    """Make the proposals the only ones at Offorte, the most valuable last, and mirror them."""
    for key in list(offorte.proposals):
        offorte.delete_proposal(key)
    for number in range(CALLS):
        key = give(offorte, f"Dakkapel {number}", 1000 * (number + 1))
        for viewer in ("Kees Bos", "Mia Smit", "Jan Vos"):
            offorte.view_proposal(key, viewer)
        if number < 2:
            offorte.comment(key, "Kees Bos", "Wanneer kan het?")
    mirror(connect)
    bring_up_to_date()


def open_calls(page: Page, portal: str) -> Locator:
    """Open the home page and return the rows of its list, once scripts listen to keys and fingers."""
    page.goto(portal)
    page.wait_for_load_state()
    rows = page.locator(".call")
    expect(rows).to_have_count(CALLS)
    return rows


def name_of(row: Locator) -> str:
    """Return the name of the row's proposal."""
    return row.locator(".call-who a").inner_text()


def status_of(offorte: Account, name: str) -> str:
    """Return the status that Offorte has."""
    (status,) = (str(each["status"]) for each in offorte.proposals.values() if each["name"] == name)
    return status
