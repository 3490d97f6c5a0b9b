"""A proposal that is composed from the prices of earlier ones, and sent: what Offorte gets, and who gets what."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, ViewportSize, expect

from contacts.models import Company
from offorte_portal.connections.models import Connection
from offorte_portal.prices import rollups
from offorte_portal.simulator.account import Account
from offorte_portal.simulator.pricing import PriceRow
from proposals.models import Proposal
from tests.browser.composing import add, press, row
from tests.journeys.dutch import check_dutch
from tests.journeys.selling import EVERYWHERE, give, mirror
from tests.journeys.steps import Axe, check_open_page
from tests.journeys.words import Words

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("patience", "no_motion", "roles"),
]
NAME = "Zonwering voorgevel"


def offer_before(offorte: Account) -> int:
    """Three products that Offorte has no prices of, two of which an earlier proposal has a price for."""
    for directory in list(offorte.directories)[:1]:
        for name in ("Zonwering Lumen", "Montage per uur", "Steigerhuur"):
            offorte.create_product(directory, name=name)
    rows = [
        PriceRow("price", "<p>Zonwering Lumen</p>", Decimal(2), Decimal("12.50"), Decimal(21)),
        PriceRow("price", "<p>Montage per uur</p>", Decimal(8), Decimal("54.95"), Decimal(9)),
    ]
    return give(offorte, "Zonwering achtergevel", 0, rows)


@pytest.fixture
def earlier(offorte: Account, sanne: User, connect: Callable[..., Connection]) -> Proposal:
    """The earlier proposal, mirrored and remembered."""
    key = offer_before(offorte)
    mirror(connect)
    rollups.rebuild_due()
    return Proposal.objects.get(remote_id=key)


@EVERYWHERE
def test_from_remembered_prices_to_what_the_client_gets(
    page: Page, portal: str, axe: Axe, offorte: Account, earlier: Proposal, size: ViewportSize, say: Words
) -> None:
    page.set_viewport_size(size)
    company = earlier.company
    assert company
    page.goto(f"{portal}/compose/new/?company={company.pk}")
    page.get_by_label(say("Name"), exact=True).fill(NAME)
    page.locator("input[name=company_contacts]").first.check()
    fill_in_rows(page, say, earlier.number)
    check_total(page, say)
    preview(page, say, company)
    if say.language == "nl":
        check_dutch(page)
    check_open_page(page, axe)
    page.set_viewport_size(size)
    send(page, say, offorte)
    check_offorte(offorte)


def choose(page: Page, say: Words, query: str, *, shows: str) -> None:
    """Find a product, read what it cost before, and take it by keyboard."""
    box = page.get_by_role("combobox", name=say("Add a product or another row"))
    box.fill(query)
    option = page.locator("[data-products] [role=option]").filter(has_text=query)
    expect(option).to_contain_text(shows)
    box.press("ArrowDown")
    box.press("Enter")


def amount(text: str, say: Words) -> str:
    return text.replace(".", ",") if say.language == "nl" else text


def fill_in_rows(page: Page, say: Words, number: str) -> None:
    """Two remembered prices, one of which is cleared with one key and typed anew; and a row without any."""
    source = say("as in %(proposal)s", proposal=number)
    basis = say("excl. VAT")
    choose(page, say, "Zonwering Lumen", shows=f"€\u00a0{amount('12.50', say)} {basis}, {source}")
    first = row(page, 0)
    expect(first.locator("[data-field=count]")).to_be_focused()
    expect(first.locator("[data-field=price]")).to_have_value(amount("12.50", say))
    expect(first.locator("[data-field=vat]")).to_have_value("21")
    expect(first.locator(".compose-marks")).to_contain_text(number)
    page.keyboard.type("4")
    choose(page, say, "Montage per uur", shows=f"€\u00a0{amount('54.95', say)} {basis}, {source}")
    second = row(page, 1).locator("[data-field=price]")
    second.press("Escape")
    expect(second).to_have_value("")
    expect(second).to_be_focused()
    expect(row(page, 1).locator(".compose-marks")).to_be_empty()
    page.keyboard.type("60")
    add(page, "Afvoeren oude schermen")
    check_missing(page, row(page, 2), say)


def check_missing(page: Page, made: Locator, say: Words) -> None:
    """What is missing has the focus, first the price; the bar says no total that leaves it out in silence."""
    expect(made.locator("[data-field=price]")).to_be_focused()
    expect(page.locator("[data-bar-total]")).to_have_class("is-incomplete")
    page.keyboard.type("100")
    made.locator("[data-field=vat]").select_option("21")


def check_total(page: Page, say: Words) -> None:
    """4 x 12.50 and 100 with 21% VAT, 60 with 9%: one total, at the foot and within the window."""
    bar = page.locator("[data-bar-amount]")
    expect(bar).to_have_text(f"€\u00a0{amount('246.90', say)}")
    expect(page.locator("[data-sums]:visible")).to_have_count(0)
    expect(bar).to_be_in_viewport()


def preview(page: Page, say: Words, company: Company) -> None:
    """The client reads it in Dutch, with the amounts, and nothing of where prices are from."""
    press(page, say("Preview"))
    paper = page.locator(".compose-paper")
    expect(paper).to_contain_text(company.name)
    expect(paper).to_contain_text("Zonwering Lumen")
    expect(paper).to_contain_text("12,50")
    expect(paper).to_contain_text("246,90")
    expect(paper).not_to_contain_text("2026-")
    page.get_by_role("dialog").get_by_role("button", name=say("Close")).click()


def send(page: Page, say: Words, offorte: Account) -> None:
    """Create it, read who gets what, and send it: one mail to one person."""
    mails = len(offorte.sent_mails)
    press(page, say("Create and send…"))
    page.get_by_role("button", name=say("Review before sending")).click()
    expect(page.locator(".send-person")).to_have_count(1)
    assert len(offorte.sent_mails) == mails
    page.locator("button[name=confirm]").click()
    expect(page.get_by_role("heading", name=say("Sent"), exact=True)).to_be_visible()
    assert len(offorte.sent_mails) == mails + 1


def check_offorte(offorte: Account) -> None:
    """Offorte has the prices that the form showed, and the proposal is open."""
    (made,) = (each for each in offorte.proposals.values() if each["name"] == NAME)
    rows: list[Any] = [row for table in made["pricetables"] for row in table.rows if row.type == "price"]
    assert [(row.quantity, row.price, row.vat_percentage) for row in rows] == [
        (Decimal(4), Decimal("12.50"), Decimal(21)),
        (Decimal(1), Decimal(60), Decimal(9)),
        (Decimal(1), Decimal(100), Decimal(21)),
    ]
    assert made["status"] == "open"
