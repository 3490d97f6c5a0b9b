"""The feed in a real browser: a prospect asks at Offorte, and the seller sees it without doing anything."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connections
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from offorte_portal.activity.models import Activity, Notification
from offorte_portal.connections.models import Connection, Drain
from offorte_portal.simulator import Simulator, Size
from offorte_portal.webhooks import address, draining
from proposals.models import Proposal
from tests.journeys.prospects import Prospect
from tests.journeys.steps import check_open_page
from tests.support.factories import link
from tests.support.mirrored import mirror_account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], None]
AxeCheck = Callable[[Page], None]


@pytest.fixture
def simulator(settings: Settings) -> Iterator[Simulator]:
    """Offorte as it is today: it tells who owns a proposal. Events leave at once."""
    size = Size(companies=8, people=16, directories=2, products=5, proposals=10)
    with Simulator(accounts={"bouw": size}, requests_per_minute=None, vintage="live", webhook_batch_seconds=0) as sim:
        settings.OFFORTE_API_URL = sim.api_url
        settings.OFFORTE_OAUTH_URL = sim.oauth_url
        settings.OFFORTE_REQUESTS_PER_MINUTE = 0
        yield sim


@pytest.fixture
def account(
    simulator: Simulator, connect: Callable[..., Connection], live_server: LiveServer, settings: Settings
) -> Connection:
    """The account, all of it mirrored, with the portal's address for its events."""
    settings.PORTAL_URL = live_server.url
    connection = connect()
    mirror_account(connection, simulator)
    simulator.account("bouw").create_webhook(address.full_url(address.ensure(connection)))
    return connection


@pytest.fixture
def worker(account: Connection) -> Iterator[None]:
    """Takes up what is queued as an idle worker does."""
    is_over = threading.Event()

    def work() -> None:
        try:
            while not is_over.wait(0.25):
                if Drain.objects.filter(queue=Drain.Queue.EVENTS, queued_at__isnull=False).exists():
                    draining.drain(account.pk)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    is_over.set()
    thread.join()


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    """Time for a machine that is busy with other things; the bell asks every five seconds only."""
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=None)


@pytest.fixture
def proposal(account: Connection) -> Proposal:
    """An open proposal that somebody has received."""
    found = Proposal.objects.filter(status="open", receivers__isnull=False).exclude(owner_email="").first()
    assert found is not None
    return found


@pytest.fixture
def prospect(simulator: Simulator, proposal: Proposal) -> Prospect:
    return Prospect(simulator, proposal)


@pytest.fixture
def seller(proposal: Proposal, sign_in: SignIn) -> User:
    """The proposal's owner, signed in."""
    user = User.objects.create_user("seller", "seller@example.nl", is_staff=True, first_name="Sanne")
    link(user, account_user=proposal.owner)
    user.user_permissions.add(Permission.objects.get(codename="view_proposal"))
    sign_in(user)
    return user


@pytest.mark.usefixtures("worker", "seller")
def test_a_question_shows_up_by_itself_and_is_read_by_opening_it(
    page: Page, live_server: LiveServer, prospect: Prospect, proposal: Proposal
) -> None:
    page.goto(f"{live_server.url}/activity/")
    page.evaluate("document.body.dataset.loaded = 'once'")
    expect(page.get_by_role("link", name="Notifications", exact=True).first).to_be_visible()
    prospect.ask("Mag het ook in het blauw?")
    line = page.locator(".feed-line").filter(has_text="Mag het ook in het blauw?")
    expect(line).to_contain_text(f"{prospect.name} asked a question about {proposal.name}")
    expect(page.locator("#nav-unread")).to_have_text("1")
    bell = page.get_by_role("link", name="1 unread notification")
    expect(bell).to_be_visible()
    assert page.evaluate("document.body.dataset.loaded") == "once", "nothing was loaded anew"
    bell.click()
    page.get_by_role("button", name="Mag het ook in het blauw?").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(proposal.name)
    expect(page.locator("#bell")).to_have_accessible_name("Notifications")
    expect(page.locator("#nav-unread")).to_be_hidden()
    assert not Activity.objects.get(text="Mag het ook in het blauw?").is_unread
    assert Notification.objects.count() == 1


@pytest.mark.usefixtures("worker", "seller")
def test_the_bell_rings_on_any_page_and_says_so(page: Page, live_server: LiveServer, prospect: Prospect) -> None:
    page.goto(f"{live_server.url}/proposals/proposal/")
    prospect.ask("Wanneer kunt u beginnen?")
    expect(page.get_by_role("status").filter(has_text="1 unread notification")).to_be_attached()
    expect(page.locator("#bell")).to_contain_text("1")


@pytest.mark.usefixtures("worker", "seller")
def test_events_come_to_the_screen_by_themselves(page: Page, live_server: LiveServer, prospect: Prospect) -> None:
    page.goto(f"{live_server.url}/activity/")
    for number in range(5):
        prospect.ask(f"Vraag {number}")
        expect(page.locator("#feed")).to_contain_text(f"Vraag {number}")


def test_a_question_is_read_by_keyboard_alone(
    page: Page, live_server: LiveServer, proposal: Proposal, seller: User, simulator: Simulator
) -> None:
    remote = simulator.account("bouw").proposals[proposal.remote_id]
    simulator.account("bouw").comment(proposal.remote_id, remote["receivers"][0].fullname, "Kan het goedkoper?")
    refresh(page, live_server, proposal)
    page.goto(f"{live_server.url}/activity/?kind=commented")
    button = page.get_by_role("button", name="Mark as read")
    expect(button).to_have_count(1)
    for _number in range(60):
        page.keyboard.press("Tab")
        if button.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(button).to_have_count(0)
    assert page.url.endswith("/activity/?kind=commented")


def refresh(page: Page, live_server: LiveServer, proposal: Proposal) -> None:
    page.goto(f"{live_server.url}/proposals/proposal/{proposal.pk}/change/")
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_text("Kan het goedkoper?")).to_be_visible()


@pytest.mark.usefixtures("account")
def test_the_focus_stays_where_it_is_when_the_list_renews_itself(
    page: Page, live_server: LiveServer, seller: User, proposal: Proposal
) -> None:
    page.goto(f"{live_server.url}/activity/?of=team")
    first = page.locator(".feed-line a").first
    key = first.get_attribute("id")
    first.focus()
    Activity.objects.filter(pk=str(key).removeprefix("activity-")).update(times=7)
    expect(page.locator("#feed")).to_contain_text("7 times")
    assert page.evaluate("document.activeElement.id") == key


@pytest.mark.usefixtures("seller")
def test_a_page_that_nobody_sees_asks_nothing(page: Page, live_server: LiveServer) -> None:
    asked: list[str] = []
    page.goto(f"{live_server.url}/activity/")
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    # Chromium fetches the page's icon when it likes.
    page.on("request", lambda request: asked.append(request.url) if "/activity/" in request.url else None)
    page.wait_for_timeout(6_000)
    assert asked == []
    with page.expect_response("**/activity/latest/**"), page.expect_response("**/activity/unread/**"):
        page.evaluate("""() => {
            Object.defineProperty(document, 'hidden', {value: false});
            document.dispatchEvent(new Event('visibilitychange'));
        }""")
    assert {url.split("?")[0].split("/activity/")[1] for url in asked} == {"latest/", "unread/"}


def test_who_was_signed_out_elsewhere_is_left_in_peace(page: Page, live_server: LiveServer, seller: User) -> None:
    answers: list[tuple[str, int]] = []
    page.goto(f"{live_server.url}/activity/")
    page.context.clear_cookies()
    page.on("response", lambda response: answers.append((response.url, response.status)))
    with page.expect_response("**/activity/latest/**"), page.expect_response("**/activity/unread/**"):
        pass
    # The list and the count ask every five seconds, were they not told to stop.
    page.wait_for_timeout(6_000)
    # What was under way when the cookies went may have been answered before.
    statuses = [status for url, status in answers if "/activity/" in url]
    assert (statuses[-2:], statuses.count(286)) == ([286, 286], 2)
    expect(page.locator("#feed")).to_be_visible()


def test_every_page_is_for_everybody(
    page: Page, live_server: LiveServer, axe: AxeCheck, seller: User, proposal: Proposal
) -> None:
    page.emulate_media(reduced_motion="reduce")
    check_pages(page, live_server, axe, "?of=mine&kind=commented&when=today", "notifications/")
    Activity.objects.update(owner_key=proposal.owner_key, read_at=None)
    rows: list[Any] = [
        *Activity.objects.filter(kind="commented").order_by("pk")[:2],
        *Activity.objects.order_by("pk")[:3],
        None,
    ]
    for row in dict.fromkeys(rows):
        Notification.objects.create(user=seller, activity=row, count=3 if row is None else 1)
    check_pages(page, live_server, axe, "", "notifications/", "settings/")


def check_pages(page: Page, live_server: LiveServer, axe: AxeCheck, *paths: str) -> None:
    for path in paths:
        page.goto(f"{live_server.url}/activity/{path}")
        check_open_page(page, axe)
