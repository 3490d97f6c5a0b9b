"""Losing a proposal in a dialog, by keyboard and by mouse, and the managers' list of reasons."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from offorte_portal.tracking import losses
from offorte_portal.tracking.models import Loss
from proposals.models import Proposal
from tests.browser.looking import look
from tests.journeys.steps import Axe
from tests.support.factories import make_proposal, make_staff

pytestmark = [pytest.mark.django_db(transaction=True)]

SIZES = {"desk": (1440, 900), "phone": (390, 844)}


@pytest.fixture
def boss(sign_in: Callable[[User], None]) -> User:
    user = make_staff("boss")
    sign_in(user)
    return user


@pytest.fixture
def lost(boss: User) -> Proposal:
    return make_proposal(name="Dakkapel", status="lost", company_name="De Vries")


def record(live_server: LiveServer, proposal: Proposal) -> str:
    return f"{live_server.url}/proposals/proposal/{proposal.pk}/change/"


def test_the_dialog_asks_says_what_is_wrong_and_saves(
    page: Page, live_server: LiveServer, lost: Proposal, axe: Axe
) -> None:
    page.goto(record(live_server, lost))
    opener = page.get_by_role("link", name="Add the reason")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Why was “Dakkapel” lost?")
    expect(dialog).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    dialog.get_by_role("link", name="Cancel").click()
    expect(dialog).to_be_hidden()
    opener.click()
    dialog.get_by_role("button", name="Save reason").click()
    expect(dialog.get_by_text("Choose a reason.")).to_be_visible()
    axe(page)
    dialog.get_by_label("Too expensive").check()
    dialog.get_by_role("combobox", name="Competitor").fill("Bouwcombi")
    dialog.get_by_role("button", name="Save reason").click()
    expect(page.get_by_text("The reason for “Dakkapel” was saved.")).to_be_visible()
    expect(page.get_by_text("Too expensive · Competitor: Bouwcombi")).to_be_visible()
    assert losses.describe(Loss.objects.get()) == "Too expensive · Competitor: Bouwcombi"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wrong_with_what_it_shows(
    page: Page, live_server: LiveServer, lost: Proposal, axe: Axe, size: str, scheme: str
) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    faults: dict[str, Any] = {}
    page.goto(record(live_server, lost))
    page.get_by_role("link", name="Add the reason").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    faults |= look(page, axe, f"dialog-{size}-{scheme}")
    page.goto(f"{live_server.url}/lost/{make_proposal(status='won', name='Schuur').pk}/")
    faults |= look(page, axe, f"lost-{size}-{scheme}")
    page.goto(f"{live_server.url}/lost-reasons/")
    faults |= look(page, axe, f"reasons-{size}-{scheme}")
    page.locator(".reason summary").first.click()
    faults |= look(page, axe, f"reasons-open-{size}-{scheme}")
    assert faults == {}
