"""What people see while Offorte is slow, while background work stands still, and where an answer was lost.

With SCREENSHOTS=folder there is a picture of each.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import override_settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Company
from offorte_portal.connections.models import Connection
from offorte_portal.runs import beats
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.waiting import middleware
from offorte_portal.waiting.pool import MOST_QUEUED, THREADS, Pool
from proposals.models import Proposal
from tests.browser.looking import look
from tests.journeys.steps import DESK, LOOKS, Axe
from tests.support.factories import make_staff
from tests.support.forms import form_url
from tests.writes.conftest import Desk
from tests.writes.settling.losses import send_lost

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Mirror = Callable[..., Connection]


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    """A web process that waits for a moment."""
    fresh = Pool()
    monkeypatch.setattr(middleware, "POOL", fresh)
    monkeypatch.setattr(middleware, "GLANCE", 0.1)
    with override_settings(ANSWER_WITHIN=0.2):
        yield fresh


@pytest.fixture
def sanne(page: Page, sign_in: Callable[[User], None]) -> User:
    user = make_staff("sanne", first_name="Sanne", last_name="de Wit")
    sign_in(user)
    page.emulate_media(reduced_motion="reduce")
    return user


def look_everywhere(page: Page, axe: Axe, name: str) -> dict[str, Any]:
    """Look at the open page at a desk and on a phone, in light and in dark."""
    faults: dict[str, Any] = {}
    for size, scheme in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        faults |= look(page, axe, f"{name}-{size['width']}-{scheme}")
    page.set_viewport_size(DESK)
    return faults


@pytest.mark.usefixtures("sanne", "pool")
def test_a_click_that_takes_longer_shows_its_result_by_itself(
    page: Page, live_server: LiveServer, axe: Axe, mirror: Mirror, simulator: Simulator
) -> None:
    mirror("companies")
    page.goto(live_server.url + form_url(Company.objects.order_by("pk")[0]))
    simulator.faults.add(Fault("slow", times=None, seconds=60))
    page.get_by_label("Phone").fill("0612345678")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Waiting for a response")).to_be_visible()
    assert not look_everywhere(page, axe, "waiting")
    simulator.faults.be_quick()
    expect(page.get_by_text("was saved in Offorte")).to_be_visible(timeout=30_000)
    assert len([one for one in simulator.requests if one.method in {"PATCH", "PUT", "POST"}]) == 1


@pytest.mark.usefixtures("sanne", "pool")
def test_refreshing_waits_within_the_page(
    page: Page, live_server: LiveServer, axe: Axe, mirror: Mirror, simulator: Simulator
) -> None:
    mirror("proposals")
    proposal = Proposal.objects.order_by("pk")[0]
    page.goto(f"{live_server.url}/proposals/proposal/{proposal.pk}/change/")
    simulator.faults.add(Fault("slow", times=None, seconds=60))
    page.get_by_role("button", name="Refresh").click()
    expect(page.locator("#refresh-outcome")).to_contain_text("Refreshing…")
    expect(page.locator("#refresh-outcome")).to_contain_text("Offorte is responding slowly")
    assert not look_everywhere(page, axe, "refreshing")
    simulator.faults.be_quick()
    expect(page.locator("#refresh-outcome")).not_to_contain_text("Refreshing…", timeout=30_000)
    assert len(simulator.requests) == 1


@pytest.mark.usefixtures("sanne")
def test_where_too_many_wait_it_is_said_beside_the_button(
    page: Page, live_server: LiveServer, axe: Axe, mirror: Mirror, pool: Pool, complaints: list[str]
) -> None:
    mirror("proposals")
    proposal = Proposal.objects.order_by("pk")[0]
    page.goto(f"{live_server.url}/proposals/proposal/{proposal.pk}/change/")
    pool._under_way = THREADS + MOST_QUEUED
    page.get_by_role("button", name="Refresh").click()
    expect(page.locator("#outage")).to_contain_text("Too many people are waiting")
    assert not look_everywhere(page, axe, "busy")
    assert all("503" in one for one in complaints), complaints
    complaints.clear()


@pytest.mark.usefixtures("sanne")
@pytest.mark.parametrize("language", ["nl", "en"])
def test_stopped_work_is_said_on_every_page_that_waits_for_it(
    page: Page,
    live_server: LiveServer,
    axe: Axe,
    connect: Callable[..., Connection],
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    connect()
    cookie: Any = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}
    page.context.add_cookies([cookie])
    monkeypatch.setattr(beats, "standing", lambda: "unreachable")
    page.goto(live_server.url)
    said = {"nl": "Het werk op de achtergrond staat stil", "en": "Background work has stopped"}[language]
    expect(page.locator("#standing")).to_contain_text(said)
    assert not look_everywhere(page, axe, f"stopped-{language}")


def test_a_person_who_decides_sees_what_offorte_holds(
    page: Page, live_server: LiveServer, axe: Axe, connect: Callable[..., Connection], simulator: Simulator, sanne: User
) -> None:
    desk = Desk(connect(), sanne, simulator)
    operation = send_lost(desk, "drop_before", send_method="self")
    page.goto(f"{live_server.url}/writes/operation/{operation.pk}/change/")
    assert not look_everywhere(page, axe, "warning")
    page.get_by_role("button", name="Check Offorte now").click()
    expect(page.get_by_role("button", name="It wasn’t sent")).to_be_visible()
    expect(page.get_by_text("the sender (shares the links, no e-mail goes out)")).to_be_visible()
    assert not look_everywhere(page, axe, "decide")
