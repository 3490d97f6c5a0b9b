"""Prices of earlier proposals in the composer: filled in, named, cleared with one key, and gone once typed over."""

import os

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Company
from offorte_portal.prices import rollups
from tests.browser.composing import document, row
from tests.journeys.steps import Axe, check_open_page
from tests.prices.pricing import offer
from tests.prices.pricing import row as price_row
from tests.support.factories import make_product
from tests.support.feed import bring_up_to_date

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def remembered(company: Company) -> None:
    make_product(company.connection, name="Zonwering Lumen")
    offer(company.connection, price_row("12.5", "Zonwering Lumen", vat_percentage=21), number="2026-00181")
    bring_up_to_date()
    rollups.rebuild_due()


def choose(page: Page) -> None:
    box = page.get_by_role("combobox", name="Add a product")
    box.fill("zonwering lumen")
    expect(page.locator("[data-products] [role=option]")).to_contain_text("€\u00a012.50 excl. VAT, as in 2026-00181")
    box.press("ArrowDown")
    box.press("Enter")


@pytest.mark.usefixtures("remembered")
def test_a_remembered_price_is_named_until_it_is_cleared_or_typed_over(editor: Page, axe: Axe) -> None:
    page, mark = editor, row(editor, 0).locator(".compose-marks")
    choose(page)
    price = row(page, 0).get_by_role("textbox", name="Price")
    expect(price).to_have_value("12.50")
    expect(mark).to_contain_text("as in 2026-00181")
    expect(price).to_have_accessible_description("Price as in 2026-00181")
    filled = document(page)["tables"][0]["rows"][0]
    assert (filled["price"], filled["vat"], filled["price_from"]) == ("12.5", "21", "2026-00181")
    check_open_page(page, axe)
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/compose.png")
    price.press("Escape")
    expect(price).to_have_value("")
    expect(mark).not_to_contain_text("2026-00181")
    assert "price_from" not in document(page)["tables"][0]["rows"][0]
    choose(page)
    price = row(page, 1).get_by_role("textbox", name="Price")
    price.fill("13")
    expect(row(page, 1).locator(".compose-marks")).to_be_empty()
    assert "price_from" not in document(page)["tables"][0]["rows"][1]
    choose(page)
    row(page, 2).get_by_role("button", name="Clear price").click()
    expect(row(page, 2).get_by_role("textbox", name="Price")).to_be_focused()
    expect(row(page, 2).get_by_role("textbox", name="Price")).to_have_value("")


@pytest.mark.usefixtures("remembered")
def test_a_table_with_vat_gets_the_price_with_vat_and_says_so(editor: Page) -> None:
    editor.get_by_label("Prices of this table").select_option("incl")
    box = editor.get_by_role("combobox", name="Add a product")
    box.fill("zonwering lumen")
    option = editor.locator("[data-products] [role=option]")
    expect(option).to_contain_text("€\u00a015.13 incl. VAT, as in 2026-00181, converted from €\u00a012.50 excl. VAT")
    expect(option).not_to_contain_text("€\u00a012.50 excl. VAT, as in")
    box.press("ArrowDown")
    box.press("Enter")
    expect(row(editor, 0).get_by_role("textbox", name="Price")).to_have_value("15.13")
    expect(row(editor, 0).locator(".compose-marks")).to_contain_text("converted from")
