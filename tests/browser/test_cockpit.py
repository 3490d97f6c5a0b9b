"""A proposal's page in a browser: deciding in its strip, long price tables, and the order of its parts on a phone."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from proposals.models import Comment, LogEntry, PriceRow, PriceTable, Proposal, Receiver
from tests.browser.looking import look
from tests.journeys.steps import DESK, PHONE, SCHEMES, Axe, Scheme, make_member
from tests.support.factories import AS_OF, make_company, make_person, make_proposal, make_staff
from tests.support.mirrored import mirror_account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def staff(sign_in: Callable[[User], None]) -> User:
    user = make_staff("sanne", first_name="Sanne", last_name="Jansen")
    sign_in(user)
    return user


@pytest.fixture
def open_one(simulator: Simulator, connect: Callable[..., Connection]) -> Proposal:
    """An open proposal of the simulated account."""
    connection = connect()
    mirror_account(connection, simulator)
    return Proposal.objects.filter(status="open", removed_at__isnull=True).order_by("pk")[0]


def make_long(rows: int) -> Proposal:
    """A proposal with everything that the page shows, and so many price rows of which the first is discounted."""
    company = make_company(name="De Vries")
    make_person(company.connection, company=company, fullname="Jan", email="jan@v.example", mobile="06 12345678")
    made = make_proposal(company.connection, company=company, details_as_of=AS_OF, view_count=1, remarks="Let op")
    Receiver.objects.create(proposal=made, remote_id=1, position=0, fullname="Jan", email="jan@v.example")
    Comment.objects.create(proposal=made, remote_id=1, position=0, comment="Kan het eerder?", type="client")
    LogEntry.objects.create(proposal=made, position=0, person="Jan", logged_at=AS_OF, action="viewed", type="client")
    sum_of_rows = Decimal(100) * rows
    table = PriceTable.objects.create(
        proposal=made, key="t", position=0, rows_include_vat=False, subtotal=sum_of_rows - 10, total=sum_of_rows
    )
    values: dict[str, Any] = {"type": "price", "count": 1, "price": 100, "subtotal": 100, "vat_percentage": 21}
    PriceRow.objects.bulk_create(
        PriceRow(table=table, position=number, content=f"<p>Rij {number}</p>", **values) for number in range(rows)
    )
    PriceRow.objects.filter(position=0).update(discount=10, discount_type="percentage")
    return made


def address(live_server: LiveServer, proposal: Proposal) -> str:
    return f"{live_server.url}/proposals/proposal/{proposal.pk}/change/"


def test_the_status_is_changed_from_the_menu_by_keyboard(
    page: Page, live_server: LiveServer, staff: User, open_one: Proposal, axe: Axe
) -> None:
    page.goto(address(live_server, open_one))
    menu = page.locator(".strip summary")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".strip .menu-panel")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    expect(page.locator(".strip .menu-panel")).to_be_hidden()
    expect(menu).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Closed", exact=True).press("Enter")
    expect(page.locator(".strip .pill-closed").first).to_be_visible()
    expect(page.get_by_role("button", name="Won", exact=True)).to_be_hidden()
    open_one.refresh_from_db()
    assert open_one.status == "closed"


def test_won_is_one_press_and_lost_asks_why(
    page: Page, live_server: LiveServer, staff: User, open_one: Proposal, axe: Axe
) -> None:
    page.goto(address(live_server, open_one))
    page.get_by_role("button", name="Won", exact=True).press("Enter")
    expect(page.locator(".strip .pill-won").first).to_be_visible()
    page.locator(".strip summary").press("Enter")
    page.get_by_role("button", name="Open", exact=True).press("Enter")
    expect(page.locator(".strip .pill-open").first).to_be_visible()
    page.wait_for_load_state()
    page.get_by_role("link", name="Lost", exact=True).press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    axe(page)
    dialog.get_by_label("Too expensive").check()
    dialog.get_by_role("button", name="Mark as lost").click()
    expect(page.locator(".strip .pill-lost").first).to_be_visible()
    open_one.refresh_from_db()
    assert open_one.status == "lost"


def test_a_long_table_is_folded_with_its_totals_in_sight(page: Page, live_server: LiveServer, staff: User) -> None:
    page.goto(address(live_server, make_long(300)))
    expect(page.get_by_text("Rij 7", exact=True)).to_be_visible()
    expect(page.get_by_text("Rij 8", exact=True)).to_be_hidden()
    expect(page.get_by_role("row", name="Total incl. VAT")).to_be_visible()
    fold = page.get_by_text("292 more rows")
    fold.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rij 299", exact=True)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rij 8", exact=True)).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.get_by_text("Rij 299", exact=True)).to_be_visible()
    expect(fold).to_be_hidden()


def test_on_a_phone_facts_come_first_then_activity_then_prices(
    page: Page, live_server: LiveServer, staff: User
) -> None:
    proposal = make_long(3)
    names = (".strip", "h2:text-is('Details')", "h2:text-is('Activity')", ".price-table")

    def tops() -> list[float]:
        return [page.locator(name).evaluate("(one) => one.getBoundingClientRect().top") for name in names]

    page.set_viewport_size(PHONE)
    page.goto(address(live_server, proposal))
    assert tops() == sorted(tops())
    page.set_viewport_size(DESK)
    strip, details, activity, prices = tops()
    assert strip < activity < details
    assert abs(prices - activity) < 120


def test_the_tab_key_goes_through_the_columns_as_they_are_read(
    page: Page, live_server: LiveServer, staff: User
) -> None:
    page.goto(address(live_server, make_long(12)))
    fold = page.get_by_text("4 more rows")
    for size, before in ((DESK, ".strip"), (PHONE, ".record-side")):
        page.set_viewport_size(size)
        fold.focus()
        while page.locator(".record-main :focus").count():
            page.keyboard.press("Shift+Tab")
        expect(page.locator(f"{before} :focus")).to_be_visible()


def test_on_a_phone_the_actions_stand_beside_the_way_back(page: Page, live_server: LiveServer, staff: User) -> None:
    page.set_viewport_size(PHONE)
    page.goto(address(live_server, make_long(1)))
    ends = [
        page.locator(f".page-head > {name}").evaluate("(one) => one.getBoundingClientRect().bottom")
        for name in (".breadcrumb", ".page-head-actions", "h1")
    ]
    assert abs(ends[0] - ends[1]) < 20
    assert ends[2] > ends[1]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_nothing_is_wrong_with_what_it_shows(
    page: Page, live_server: LiveServer, sign_in: Callable[[User], None], axe: Axe, size: Any, scheme: Scheme
) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    sign_in(make_staff("sanne"))
    faults: dict[str, Any] = {}
    shown = {
        "long": make_long(12),
        "half-read": make_proposal(status="open"),
        "bare": make_proposal(details_as_of=AS_OF),
    }
    shown["deleted"] = make_proposal(details_as_of=AS_OF, removed_at=AS_OF)
    shown["hidden"] = make_proposal(is_hidden=True)
    name = f"{size['width']}-{scheme}"
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    for kind, proposal in shown.items():
        page.goto(address(live_server, proposal))
        faults |= look(page, axe, f"{kind}-{name}")
    sign_in(make_member("Viewer", "vera"))
    page.goto(address(live_server, shown["long"]))
    expect(page.get_by_role("button", name="Won", exact=True)).to_be_hidden()
    expect(page.locator(".strip summary")).to_be_hidden()
    faults |= look(page, axe, f"viewer-{name}")
    assert faults == {}
