"""Every page of the desk and the workshop in Dutch, at a desk and on a phone; other tests look at them in English.

With SCREENSHOTS=folder there is a picture of each.
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pprint import pformat
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Locator, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Person
from offorte_portal.activity.models import Activity
from offorte_portal.compose.document import Row
from offorte_portal.compose.models import Approval, ApprovalSettings
from offorte_portal.connections.models import Connection
from offorte_portal.desk.models import SavedView
from offorte_portal.simulator import Simulator
from offorte_portal.tracking.models import FollowUp
from proposals.models import AccountUser, Proposal
from tests.browser.looking import SCROLLED, look
from tests.compose.drafting import make_draft, price_row
from tests.journeys.steps import SIZES, Axe
from tests.support.factories import link_by_address, make_staff
from tests.support.feed import bring_up_to_date
from tests.support.forms import Mirror

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = SIZES[1]


@pytest.fixture
def sanne(page: Page, sign_in: Callable[[User], None]) -> User:
    """Somebody who sees every page."""
    user = make_staff("sanne", first_name="Sanne", last_name="de Wit", email="sanne@bouw.example")
    sign_in(user)
    page.emulate_media(reduced_motion="reduce")
    return user


@pytest.fixture
def proposal(simulator: Simulator, mirror: Mirror, sanne: User) -> Proposal:
    """One that can be sent, in an account with something on every page."""
    simulator.switches.vintage = "live"
    connection = mirror()
    able = Person.objects.exclude(email="").values("company")
    found = Proposal.objects.filter(status="open", company__in=able, receivers__isnull=False).order_by("pk")[0]
    link_by_address(sanne)
    fill(connection, found, sanne)
    return found


def fill(connection: Connection, proposal: Proposal, sanne: User) -> None:
    """Something to answer, to come back to, to write on and to decide; a view of the list."""
    now = timezone.now()
    Activity.objects.create(
        connection=connection,
        proposal=proposal,
        kind="commented",
        person="Kees Smit",
        text="Kan het ook een paar weken eerder, en in een andere kleur?",
        happened_at=now - timedelta(hours=2),
        owner_key=f"#{AccountUser.objects.get(email=sanne.email).remote_id}",
        key="question",
    )
    for days in (-2, 0, 9):
        due = now + timedelta(days=days, minutes=1)
        FollowUp.objects.create(
            connection=connection, proposal=proposal, assigned_to=sanne, due_at=due, note="Bel Kees"
        )
    SavedView.objects.create(user=sanne, name="Grote open", query="status=open", is_shared=True)
    rows = [
        Row("title", "Dakwerk"),
        price_row(text="Dakkapel", price="8450", optional=True, checked=True, user_count=True),
        price_row(text="Nog onbekend", price="", vat=""),
        Row("discount", "Korting", discount="12.5"),
        Row("subtotal", "Subtotaal"),
    ]
    company = {"company_remote_id": proposal.company_remote_id, "name": "Dakkapel {company}"}
    make_draft(connection, sanne, *rows, pk=1, saved_by=sanne, **company)
    ApprovalSettings.objects.create(pk=1, amount_above=1)
    other = Proposal.objects.filter(status="open").exclude(pk=proposal.pk).order_by("pk")[0]
    order = {"contacts": [], "send_method": "offorte", "send_message": "Dag", "seen": []}
    Approval.objects.create(proposal=other, requested_by=sanne, order=order, value=other.price_total, key=uuid.uuid4())
    bring_up_to_date()


def paths(proposal: Proposal) -> Iterator[tuple[str, str]]:
    """What each page is called here, and its address."""
    record = f"/proposals/proposal/{proposal.pk}/change/"
    yield from {
        "home": "/?who=team",
        "board": "/board/",
        "lost": f"/board/{proposal.pk}/move/",
        "inbox": "/inbox/?who=team",
        "followups": "/followups/",
        "followup": f"/followups/add/?proposal={proposal.pk}",
        "reports": "/reports/?who=team",
        "cohorts": "/reports/cohorts/?who=team",
        "losses": "/reports/lost/?who=team",
        "forecast": "/reports/forecast/",
        "products": "/reports/products/",
        "changes": "/writes/operation/",
        "views": "/proposals/proposal/?status=open",
        "companies": "/contacts/company/",
        "drafts": "/compose/",
        "new": "/compose/new/",
        "compose": "/compose/1/",
        "send": f"/send/{proposal.pk}/",
        "sent": f"/send/{proposal.pk}/links/",
        "approvals": "/approvals/",
        "rules": "/approvals/rules/",
        "thresholds": "/desk/thresholds/",
        "proposal": record,
        "company": f"/contacts/company/{proposal.company_id}/change/",
        "activity": "/activity/?of=team",
    }.items()


@pytest.mark.parametrize("size", SIZES, ids=["desk", "phone"])
def test_every_page_is_for_everybody_in_dutch(
    page: Page, live_server: LiveServer, axe: Axe, proposal: Proposal, size: ViewportSize
) -> None:
    cookie: Any = {"name": settings.LANGUAGE_COOKIE_NAME, "value": "nl", "url": live_server.url}
    page.context.add_cookies([cookie])
    page.set_viewport_size(size)
    faults: dict[str, Any] = {}
    for number, (name, path) in enumerate(paths(proposal)):
        # Each page once in light and once in dark.
        is_dark = (number % 2 == 0) == (size == SIZES[0])
        page.emulate_media(color_scheme="dark" if is_dark else "light")
        page.goto(live_server.url + path)
        expect(page.locator("html")).to_have_attribute("lang", "nl")
        faults |= look(page, axe, f"{name}-{size['width']}")
    page.goto(live_server.url)
    page.keyboard.press("Control+k")
    page.keyboard.type(proposal.name[:8])
    expect(page.get_by_role("option").filter(has_text=proposal.name).first).to_be_visible()
    faults |= look(page, axe, f"palette-{size['width']}")
    assert not faults, pformat(faults, width=200)


def test_one_hand_does_home_inbox_and_a_proposal(page: Page, live_server: LiveServer, proposal: Proposal) -> None:
    page.set_viewport_size(PHONE)
    thumb = PHONE["height"] / 2
    page.goto(live_server.url)
    bar = page.locator(".bottom-nav")
    assert in_reach(bar.get_by_role("link"), 44, thumb) == ["Home", "Proposals", "Inbox", "Companies"]
    expect(page.locator(".call").first).to_be_visible()
    bar.get_by_role("link", name="Inbox").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inbox")
    in_reach(page.get_by_role("button", name="Mark as read"), 44, 0)
    page.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_role("heading", name="Every question has been read")).to_be_visible()
    bar.get_by_role("link", name="Proposals").click()
    page.get_by_role("link", name=proposal.name).first.click()
    actions = page.locator(".record-actions")
    expect(actions.get_by_role("link", name="Edit")).to_be_visible()
    assert {"Follow up", "Send again", "Edit"} <= set(in_reach(actions.locator(".button"), 44, thumb))
    page.mouse.wheel(0, 5000)
    page.wait_for_function(SCROLLED)
    last = page.locator(".record-main > :last-child")
    box, bar_box = last.bounding_box(), actions.bounding_box()
    assert box
    assert bar_box
    assert box["y"] + box["height"] <= bar_box["y"], "the last card is behind the bar"
    actions.get_by_role("link", name="Send again").click()
    expect(page.locator(".save-bar")).to_be_visible()
    assert in_reach(page.locator(".save-bar .button-primary"), 34, thumb) == ["Review before sending"]
    bar.get_by_role("link", name="Home").click()
    expect(page.locator(".figure").first).to_be_visible()


def in_reach(buttons: Locator, least: int, top: float) -> list[str]:
    """What these say, each of them at least so large and no higher than that."""
    for button in buttons.all():
        box = button.bounding_box()
        assert box
        assert (box["height"] >= least, box["width"] >= least, box["y"] >= top) == (True, True, True), button
    return [button.inner_text() for button in buttons.all()]
