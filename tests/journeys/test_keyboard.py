"""Whatever a mouse does the keyboard does too, and a list's filters are no exception to anything."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from proposals.models import Proposal
from tests.journeys.steps import SETTLED, SIZES, UNREACHABLE, Axe, press_tab_until_focused
from tests.support.length import usual_or_long

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("patience", "no_motion", "administrator", "synced"),
]
# Of a list's filters every other one is looked at on a phone, the rest at a desk; at full length all of them in both.
EVERY = usual_or_long(2, 1)


def test_a_list_with_its_filters_open_is_accessible(page: Page, portal: str, axe: Axe) -> None:
    page.goto(f"{portal}/proposals/proposal/?status=open")
    for first, size in enumerate(SIZES):
        page.set_viewport_size(size)
        page.reload()
        page.locator("summary.filter-add").click()
        titles = page.locator(".filter-panel > details > summary")
        for number in range(first % EVERY, titles.count(), EVERY):
            titles.nth(number).click()
            page.wait_for_function(SETTLED)
            axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert page.evaluate(UNREACHABLE) == []


def test_the_keyboard_reaches_what_a_mouse_does(page: Page, portal: str) -> None:
    company = Proposal.objects.filter(company__isnull=False).order_by("pk")[0].company
    proposal = Proposal.objects.filter(receivers__isnull=False, price_tables__isnull=False).order_by("pk")[0]
    assert company
    for size in SIZES:
        page.set_viewport_size(size)
        for path in (
            "/",
            "/proposals/proposal/",
            "/proposals/proposal/?status=open&q=zzzz",
            "/contacts/company/",
            "/auth/user/",
            reverse("admin:proposals_proposal_change", args=[proposal.pk]),
            reverse("admin:contacts_company_change", args=[company.pk]),
            reverse("account_login"),
        ):
            page.goto(portal + path)
            assert page.evaluate(UNREACHABLE) == [], path


def test_a_proposal_is_found_by_keyboard_alone(page: Page, portal: str) -> None:
    page.goto(f"{portal}/proposals/proposal/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    search = page.get_by_role("searchbox")
    press_tab_until_focused(page, search)
    page.keyboard.type("2026")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"[?&]q=2026"))

    press_tab_until_focused(page, page.locator("summary.filter-add"))
    page.keyboard.press("Enter")
    press_tab_until_focused(page, page.locator(".filter-panel summary", has_text="Status"))
    page.keyboard.press("Enter")
    open_box = page.locator(".filter-panel").get_by_label("Open", exact=True)
    press_tab_until_focused(page, open_box)
    page.keyboard.press("Space")
    press_tab_until_focused(page, page.get_by_role("button", name="Apply").filter(visible=True).first)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"status=open"))
    expect(page.get_by_role("link", name="Remove filter Status: Open")).to_be_visible()

    first = page.locator("#result_list tbody tr").first.get_by_role("link").first
    name = first.locator(".cell-title").inner_text()
    press_tab_until_focused(page, first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
