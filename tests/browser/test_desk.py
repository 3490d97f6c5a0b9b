"""The pages of the desk, in a browser: accessible in light and dark, at a desk and on a phone, and by keyboard."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from offorte_portal.activity.models import Activity
from offorte_portal.connections.models import Connection
from offorte_portal.sync import runs as run
from offorte_portal.sync.models import SyncRun
from offorte_portal.tracking.models import Loss
from proposals.models import LogEntry, Proposal
from tests.journeys.conftest import portal
from tests.journeys.steps import SIZES, Axe, check_open_page, run_sync
from tests.support.factories import link, make_proposal
from tests.support.feed import bring_up_to_date

__all__ = ["portal"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sanne(page: Page, sign_in: Callable[[User], None]) -> User:
    user = User.objects.create_superuser("sanne", "sanne@example.nl", "portal", first_name="Sanne")
    sign_in(user)
    page.emulate_media(reduced_motion="reduce")
    return user


@pytest.fixture
def filled() -> None:
    now = timezone.now()
    for user in User.objects.filter(username="sanne"):
        link(user)
    for number in range(12):
        proposal = make_proposal(
            name=f"Verbouwing van een kantoor {number}",
            owner_email="sanne@example.nl" if number % 2 else "pim@example.nl",
            company_name="Gemeente Breda",
            status=("open", "won", "lost", "edit")[number // 3],
            price_total=Decimal(1000 * number),
            remote_created_at=now - timedelta(days=20 * number + 6),
            remote_modified_at=now - timedelta(days=number),
            view_count=number % 3,
            viewed_at=now - timedelta(hours=number) if number % 3 else None,
            details_as_of=now,
        )
        for position in range(number % 3):
            LogEntry.objects.create(
                proposal=proposal,
                position=position,
                logged_at=now - timedelta(hours=number + position),
                person=f"Kees {position}",
                action="proposal: viewed",
                type="client",
            )
    bring_up_to_date()


@pytest.mark.usefixtures("sanne")
def test_home_without_anyone_to_call_is_accessible(page: Page, live_server: LiveServer, axe: Axe) -> None:
    make_proposal()
    bring_up_to_date()
    page.goto(live_server.url)
    expect(page.get_by_role("heading", name="No one to call right now")).to_be_visible()
    check_open_page(page, axe)


@pytest.fixture
def mirrored(portal: str, connect: Callable[..., Connection]) -> str:
    """The address of a portal with a mirrored account."""
    connection = connect()
    run_sync(run.request(connection, trigger=SyncRun.Trigger.CONNECT, is_queued=False))
    bring_up_to_date()
    return portal


def card_of(page: Page, proposal: Proposal) -> Locator:
    return page.locator(f"#card-{proposal.pk}")


@pytest.mark.usefixtures("sanne")
def test_a_card_is_moved_by_keyboard(page: Page, mirrored: str, axe: Axe) -> None:
    proposal = Proposal.objects.filter(status="open").order_by("pk")[0]
    page.goto(f"{mirrored}/board/")
    check_open_page(page, axe)
    page.get_by_label(f"Move {proposal}", exact=True).focus()
    page.keyboard.press("Enter")
    axe(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Won")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="was saved in Offorte")).to_be_visible()
    expect(page.locator("[data-column=won]").locator(card_of(page, proposal))).to_be_visible()
    assert Proposal.objects.get(pk=proposal.pk).status == "won"


@pytest.mark.usefixtures("sanne")
@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("width", [1280, 1440])
def test_the_cards_of_all_columns_begin_at_one_height(page: Page, mirrored: str, language: str, width: int) -> None:
    cookie: Any = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": mirrored}
    page.context.add_cookies([cookie])
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{mirrored}/board/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    tops = page.locator(".board-cards").evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().top)")
    assert (len(tops), len(set(tops))) == (5, 1)


@pytest.mark.usefixtures("sanne")
def test_a_card_is_dragged_to_lost_which_asks_why(page: Page, mirrored: str, axe: Axe) -> None:
    proposal = Proposal.objects.filter(status="open").order_by("pk")[0]
    page.goto(f"{mirrored}/board/?mine=")
    card, lost = card_of(page, proposal), page.locator("[data-column=lost]")
    sheets = page.locator("link[rel=stylesheet]").count()
    dialog = page.get_by_role("dialog", name=f"Mark “{proposal}” as lost")
    card.drag_to(lost)
    expect(dialog.get_by_role("group", name="Why was it lost?")).to_be_visible()
    check_open_page(page, axe)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-column=open]").locator(card)).to_be_visible()
    expect(page.locator("link[rel=stylesheet]")).to_have_count(sheets)
    expect(card.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    card.get_by_role("link", name="Lost").press("Enter")
    dialog.get_by_role("button", name="Mark as lost").click()
    expect(dialog.get_by_text("Choose a reason.")).to_be_visible()
    dialog.get_by_label("Too expensive").check()
    dialog.get_by_role("button", name="Mark as lost").click()
    expect(lost.locator(card)).to_be_visible()
    assert str(Loss.objects.get()) == "Too expensive"


@pytest.mark.usefixtures("sanne", "filled")
def test_the_inbox_is_worked_by_keyboard(page: Page, live_server: LiveServer, axe: Axe) -> None:
    proposal = Proposal.objects.filter(owner_email="sanne@example.nl").order_by("pk")[0]
    for number in range(2):
        Activity.objects.create(
            connection=proposal.connection,
            proposal=proposal,
            kind="commented",
            person="Kees Smit",
            text=f"Kan het {number} weken eerder?",
            happened_at=timezone.now() - timedelta(hours=number),
            owner_key=proposal.owner_key,
            key=str(number),
        )
    page.goto(f"{live_server.url}/inbox/")
    check_open_page(page, axe)
    page.set_viewport_size(SIZES[0])
    page.get_by_role("button", name="Mark as read").first.press("Enter")
    expect(page.locator(".question")).to_have_count(1)
    expect(page.get_by_role("link", name="Inbox 1").first).to_be_visible()
    page.get_by_role("button", name="Mark as read").press("Enter")
    expect(page.get_by_role("heading", name="Every question has been read")).to_be_visible()
    check_open_page(page, axe)


@pytest.mark.usefixtures("sanne", "filled")
def test_a_follow_up_is_made_put_off_and_done_by_keyboard(page: Page, live_server: LiveServer, axe: Axe) -> None:
    proposal = Proposal.objects.filter(status="open").order_by("pk")[0]
    page.goto(f"{live_server.url}/proposals/proposal/{proposal.pk}/change/")
    page.get_by_role("link", name="Follow up", exact=True).press("Enter")
    expect(page.get_by_role("dialog").get_by_label("What to do")).to_be_focused()
    check_open_page(page, axe)
    page.keyboard.type("Bel Kees")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Follow-up added.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(str(proposal))
    page.set_viewport_size(SIZES[0])
    page.goto(f"{live_server.url}/followups/")
    expect(page.get_by_role("heading", name=re.compile("This week|Later"))).to_be_visible()
    check_open_page(page, axe)
    page.locator(".followup summary").press("Enter")
    page.get_by_role("button", name="In a week").press("Enter")
    expect(page.get_by_text("Bel Kees")).to_be_visible()
    page.get_by_role("button", name="Done").press("Enter")
    expect(page.get_by_role("heading", name="No follow-ups")).to_be_visible()
    check_open_page(page, axe)


@pytest.mark.usefixtures("sanne", "filled")
def test_a_view_is_kept_shared_and_made_the_default_by_keyboard(page: Page, live_server: LiveServer, axe: Axe) -> None:
    page.goto(f"{live_server.url}/proposals/proposal/?status=open&total_min=1000")
    page.get_by_text("Save this view").press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Grote open")
    check_open_page(page, axe)
    page.set_viewport_size(SIZES[0])
    page.keyboard.press("Enter")
    tab = page.get_by_role("link", name="Grote open 2")
    expect(tab).to_have_attribute("aria-current", "page")
    page.get_by_label("Actions for Grote open").press("Enter")
    check_open_page(page, axe)
    page.set_viewport_size(SIZES[0])
    page.get_by_role("button", name="For everyone").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Everyone can now see the view")).to_be_visible()
    page.get_by_label("Actions for Grote open").press("Enter")
    page.get_by_role("button", name="Open the list with this view").press("Enter")
    page.goto(f"{live_server.url}/proposals/proposal/")
    expect(page.locator("#result_list tbody tr")).to_have_count(2)


@pytest.mark.usefixtures("sanne", "filled")
def test_reports_are_accessible_and_lead_to_rows(page: Page, live_server: LiveServer, axe: Axe) -> None:
    page.goto(f"{live_server.url}/reports/?who=team")
    check_open_page(page, axe)
    page.set_viewport_size(SIZES[0])
    page.get_by_role("link", name="Seller", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="By seller")).to_be_visible()
    check_open_page(page, axe)
    page.set_viewport_size(SIZES[0])
    page.get_by_role("link", name="Created: 12").press("Enter")
    expect(page.locator("#result_list tbody tr")).to_have_count(12)


@pytest.mark.usefixtures("sanne")
def test_thresholds_are_set_by_keyboard(page: Page, live_server: LiveServer, axe: Axe) -> None:
    page.goto(f"{live_server.url}/desk/thresholds/")
    check_open_page(page, axe)
    page.get_by_label("Hot from … points").fill("0")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    axe(page)
    page.get_by_label("Hot from … points").fill("20")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Thresholds saved")).to_be_visible()
