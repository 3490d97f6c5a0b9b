"""The frame around every page: accessible in every theme and size, and worked by keyboard."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Company
from offorte_portal.connections.models import Connection
from proposals.models import Proposal
from tests.journeys.steps import LOOKS, PHONE, Axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def administrator() -> User:
    return User.objects.create_superuser("sanne", "sanne@example.nl", "portal", first_name="Sanne", last_name="Jansen")


@pytest.fixture
def accounts() -> list[Connection]:
    now = timezone.now()
    return [
        Connection.objects.create(
            account=account, label=label, client_id="x", client_secret="y", state=state, synced_at=now
        )
        for account, label, state in (
            ("bouw", "De Vries Bouw", Connection.State.CONNECTED),
            ("media", "Zuid Media", Connection.State.RECONNECT),
        )
    ]


@pytest.fixture
def filled(accounts: list[Connection]) -> None:
    now = timezone.now()
    for number in range(60):
        account = accounts[number % 2]
        known: dict[str, Any] = {"connection": account, "remote_id": number + 1, "as_of": now}
        company = Company(**known, name=f"Bakkerij {number}")
        company.save()
        Proposal(
            **known,
            name="Verbouwing van een kantoor met een lange naam" if number % 7 == 0 else f"Dak {number}",
            number=f"2026-{number:04d}",
            status=Proposal.Status.values[number % 5],
            company=company,
            company_name=company.name,
            owner_name="Sanne Jansen",
            price_total=Decimal("1234.5") if number % 3 else None,
            view_count=number,
            viewed_at=now - timedelta(hours=number),
            remote_created_at=now - timedelta(days=number),
        ).save()


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]['width']}-{look[1]}")
def look(request: pytest.FixtureRequest, page: Page) -> None:
    size, scheme = request.param
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)


def sticking_out(page: Page) -> list[str]:
    """What makes the page scroll sideways; nothing where it does not."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
            [...document.querySelectorAll("body *")]
            .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 0.5)
            .map((element) => `${location.pathname} ${element.tagName}.${element.className}`)"""
    )
    return found


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/"])
@pytest.mark.usefixtures("look")
def test_pages_before_sign_in_are_accessible(page: Page, live_server: LiveServer, axe: Axe, path: str) -> None:
    page.goto(live_server.url + path)
    axe(page)
    assert sticking_out(page) == []


@pytest.mark.usefixtures("look", "filled")
def test_pages_after_sign_in_are_accessible(
    page: Page, live_server: LiveServer, axe: Axe, sign_in: Callable[[User], None], administrator: User
) -> None:
    sign_in(administrator)
    for path in (
        "/",
        "/proposals/proposal/",
        "/proposals/proposal/?status=open,edit",
        "/proposals/proposal/?q=nothinglikethis",
        "/connections/connection/add/",
        f"/auth/user/{administrator.pk}/change/",
        f"/auth/user/{administrator.pk}/delete/",
        "/accounts/2fa/",
        "/accounts/password/change/",
    ):
        page.goto(live_server.url + path)
        axe(page)
        assert sticking_out(page) == []


@pytest.mark.usefixtures("look")
def test_the_portal_is_accessible_before_an_account_is_connected(
    page: Page, live_server: LiveServer, axe: Axe, sign_in: Callable[[User], None], administrator: User
) -> None:
    sign_in(administrator)
    page.goto(live_server.url)
    expect(page.get_by_role("link", name="Connect an Offorte account")).to_be_visible()
    axe(page)


@pytest.mark.usefixtures("filled")
def test_a_phone_shows_six_records_a_screen(
    page: Page, live_server: LiveServer, sign_in: Callable[[User], None], administrator: User
) -> None:
    sign_in(administrator)
    page.set_viewport_size(PHONE)
    page.goto(live_server.url + "/proposals/proposal/")
    bar = page.locator(".bottom-nav").bounding_box()
    assert bar is not None
    rows = [row.bounding_box() for row in page.locator("#result_list tbody tr").all()[:12]]
    seen = [box for box in rows if box and box["y"] + box["height"] <= bar["y"]]
    assert len(seen) >= 6


@pytest.mark.usefixtures("filled")
def test_more_opens_the_navigation_of_a_phone(
    page: Page, live_server: LiveServer, axe: Axe, sign_in: Callable[[User], None], administrator: User
) -> None:
    sign_in(administrator)
    page.set_viewport_size(PHONE)
    page.goto(live_server.url)
    expect(page.get_by_role("link", name="People")).to_be_hidden()
    page.get_by_role("button", name="More").click()
    expect(page.get_by_role("link", name="People")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="People")).to_be_hidden()


@pytest.mark.usefixtures("accounts")
def test_an_account_is_chosen_by_keyboard(
    page: Page, live_server: LiveServer, sign_in: Callable[[User], None], administrator: User
) -> None:
    sign_in(administrator)
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="All accounts")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".account strong")).to_have_text("De Vries Bouw")


@pytest.mark.usefixtures("accounts")
def test_escape_closes_a_menu_and_gives_the_focus_back(
    page: Page, live_server: LiveServer, sign_in: Callable[[User], None], administrator: User
) -> None:
    sign_in(administrator)
    page.goto(live_server.url)
    person = page.locator("summary.person")
    person.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Sign-in security")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Sign-in security")).to_be_hidden()
    expect(person).to_be_focused()


def test_the_theme_stays_as_chosen(
    page: Page, live_server: LiveServer, sign_in: Callable[[User], None], administrator: User
) -> None:
    sign_in(administrator)
    page.emulate_media(color_scheme="light")
    page.goto(live_server.url)
    page.locator("summary.person").click()
    page.get_by_role("button", name="Dark").click()
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 17, 21)"


@pytest.mark.usefixtures("accounts")
def test_the_language_is_changed_in_place(
    page: Page, live_server: LiveServer, sign_in: Callable[[User], None], administrator: User
) -> None:
    sign_in(administrator)
    page.goto(live_server.url + "/accounts/2fa/")
    page.locator("summary.person").click()
    page.get_by_role("button", name="Nederlands").click()
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    assert page.url.endswith("/accounts/2fa/")


def test_a_selection_counts_and_is_cleared(
    page: Page, live_server: LiveServer, axe: Axe, sign_in: Callable[[User], None], administrator: User
) -> None:
    User.objects.create_user("pieter")
    sign_in(administrator)
    page.goto(live_server.url + "/auth/user/")
    page.locator("#action-toggle").press("Space")
    expect(page.get_by_role("status").filter(has_text="selected")).to_have_text("2 selected")
    axe(page)
    page.get_by_role("button", name="Clear selection").press("Enter")
    expect(page.locator(".bulk-bar")).to_be_hidden()


def test_signing_out_takes_a_post(
    page: Page, live_server: LiveServer, sign_in: Callable[[User], None], administrator: User
) -> None:
    sign_in(administrator)
    page.goto(live_server.url)
    page.locator("summary.person").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.usefixtures("look")
def test_the_page_for_a_mistaken_address_is_accessible(
    page: Page,
    live_server: LiveServer,
    axe: Axe,
    sign_in: Callable[[User], None],
    administrator: User,
    complaints: list[str],
) -> None:
    sign_in(administrator)
    page.goto(live_server.url + "/nothing/here/")
    expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
    axe(page)
    assert sticking_out(page) == []
    assert [complaint for complaint in complaints if "404" not in complaint] == []
    complaints.clear()
