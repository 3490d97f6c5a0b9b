"""A morning with the call list: by keyboard only, by mouse, and on a phone."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from offorte_portal.desk.models import CallState
from offorte_portal.tracking.models import FollowUp
from proposals.models import Proposal
from tests.browser.looking import look
from tests.journeys.steps import SIZES, Axe
from tests.support.factories import link, make_company, make_proposal
from tests.support.feed import bring_up_to_date

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CALLS = 12


@pytest.fixture
def sanne(page: Page, sign_in: Callable[[User], None]) -> User:
    user = User.objects.create_superuser("sanne", "sanne@example.nl", "portal", first_name="Sanne")
    sign_in(user)
    page.emulate_media(reduced_motion="reduce")
    return user


@pytest.fixture
def calls(sanne: User) -> None:
    """Twelve silent proposals, the most valuable first; of two a follow-up is due."""
    now = timezone.now()
    link(sanne)
    for number in range(CALLS):
        proposal = make_proposal(
            name=f"Verbouwing {number}",
            company=make_company(name=f"Bouwbedrijf {number}", phone="" if number == 3 else "020 123 45 67"),
            owner_email="sanne@example.nl",
            price_total=Decimal(1000 * (CALLS - number)),
            view_count=1,
            viewed_at=now - timedelta(days=20),
            remote_created_at=now - timedelta(days=30),
            details_as_of=now,
        )
        if number < 2:
            FollowUp.objects.create(
                connection=proposal.connection,
                proposal=proposal,
                assigned_to=sanne,
                created_by=sanne,
                due_at=now - timedelta(days=2 - number),
            )
    bring_up_to_date()


@pytest.mark.usefixtures("calls")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=["desk", "phone"])
def test_everybody_can_use_the_list(
    page: Page, live_server: LiveServer, axe: Axe, size: ViewportSize, scheme: str
) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(live_server.url)
    expect(page.locator(".call")).to_have_count(CALLS)
    expect(page.locator(".account-row")).to_have_count(1)
    assert look(page, axe, f"home-{size['width']}-{scheme}") == {}


@pytest.mark.usefixtures("calls")
def test_twelve_calls_by_keyboard_only(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    page.wait_for_load_state()
    rows = page.locator(".call")
    expect(rows).to_have_count(CALLS)
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    for done in range(1, CALLS):
        page.keyboard.press("d")
        expect(page.locator(".call-done")).to_have_count(done)
        expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Tomorrow")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".call-done")).to_have_count(CALLS)
    expect(page.locator("#calls-said")).to_contain_text("Snoozed:")
    assert CallState.objects.count() == CALLS
    assert FollowUp.objects.filter(done_at__isnull=True).count() == 0
    page.reload()
    expect(page.get_by_role("heading", name="No one to call right now")).to_be_visible()


@pytest.mark.usefixtures("calls")
def test_reasons_stand_below_each_other_however_many_buttons_a_row_has(page: Page, live_server: LiveServer) -> None:
    Proposal.objects.filter(follow_ups__isnull=False).update(status="lost")
    bring_up_to_date()
    page.set_viewport_size(SIZES[0])
    page.goto(live_server.url)
    expect(page.locator(".call")).to_have_count(CALLS)
    assert page.locator(".call [data-key=l]").count() < CALLS
    lefts = page.locator(".call-why").evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().left)")
    assert len(set(lefts)) == 1


@pytest.mark.usefixtures("calls")
def test_undo_brings_the_last_one_back(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    page.wait_for_load_state()
    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(page.locator(".call-done")).to_have_count(1)
    page.keyboard.press("u")
    expect(page.locator(".call")).to_have_count(CALLS)
    expect(page.locator(".toast")).to_contain_text("is back on your list")
    assert FollowUp.objects.filter(done_at__isnull=True).count() == 2


@pytest.mark.usefixtures("calls")
def test_l_asks_why_and_enter_opens_the_proposal(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    page.wait_for_load_state()
    page.keyboard.press("j")
    page.keyboard.press("l")
    expect(page.get_by_role("dialog")).to_contain_text("Mark “Verbouwing 0” as lost")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator(".call").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Verbouwing 0")


@pytest.mark.usefixtures("calls")
def test_a_number_can_be_dialled_and_none_is_said(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)
    expect(page.locator(".call").first.get_by_role("link", name=re.compile("020 123 45 67"))).to_have_attribute(
        "href", "tel:+31201234567"
    )
    expect(page.locator(".call", has_text="Bouwbedrijf 3")).to_contain_text("no phone or e-mail")
