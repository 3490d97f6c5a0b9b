"""Records and syncs in a real browser: details that arrive by themselves, progress that renews itself, axe, phones."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from contacts.models import Company, Person
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.sync.checkpoint import Checkpoint
from offorte_portal.sync.models import SyncRun
from proposals.models import Proposal
from tests.journeys.steps import check_open_page
from tests.support.factories import make_product, make_proposal, make_staff
from tests.support.mirrored import mirror_account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Connect = Callable[..., Connection]
AxeCheck = Callable[[Page], None]


@pytest.fixture
def connection(simulator: Simulator, connect: Connect) -> Connection:
    """The simulated account, all of it mirrored."""
    made = connect()
    mirror_account(made, simulator)
    return made


@pytest.fixture
def staff(sign_in: Callable[[User], None]) -> User:
    user = make_staff("sanne", first_name="Sanne", last_name="Jansen")
    sign_in(user)
    return user


def test_every_kind_of_record_is_accessible(
    page: Page, live_server: LiveServer, axe: AxeCheck, connection: Connection, staff: User
) -> None:
    proposal = Proposal.objects.filter(comments__isnull=False).first() or Proposal.objects.first()
    company, person = (
        Company.objects.filter(proposals__isnull=False).order_by("pk")[0],
        Person.objects.order_by("pk")[0],
    )
    assert proposal is not None
    paths = [
        f"proposals/proposal/{proposal.pk}",
        f"contacts/company/{company.pk}",
        f"contacts/person/{person.pk}",
        f"catalog/product/{make_product(connection, descr_short='<p>x</p>').pk}",
        f"sync/syncrun/{SyncRun.objects.get().pk}",
    ]
    for path in paths:
        page.goto(f"{live_server.url}/{path}/change/")
        check_open_page(page, axe)
    page.goto(f"{live_server.url}/sync/syncrun/")
    axe(page)


def test_details_that_were_never_read_arrive_by_themselves(
    page: Page, live_server: LiveServer, axe: AxeCheck, simulator: Simulator, connect: Connect, staff: User
) -> None:
    remote_id = next(iter(simulator.account("bouw").proposals))
    yesterday = timezone.now() - timedelta(days=1)
    proposal = make_proposal(connect(), remote_id=remote_id, as_of=yesterday, name="Zoals de lijst zegt")
    simulator.faults.add(Fault(kind="slow", path=r"/proposals.*", seconds=0.5))
    page.goto(f"{live_server.url}/proposals/proposal/{proposal.pk}/change/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zoals de lijst zegt")
    expect(page.get_by_text("Loading details from Offorte…")).to_be_visible()
    expect(page.get_by_role("heading", name="Activity")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Zoals de lijst zegt")
    axe(page)
    page.get_by_role("button", name="Refresh").press("Enter")
    expect(page.get_by_role("button", name="Refresh")).to_be_enabled()
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    details = [request for request in simulator.requests if "details" in request.path]
    assert len(details) == 2


def test_missing_details_are_explained_and_can_be_retried(
    page: Page, live_server: LiveServer, axe: AxeCheck, simulator: Simulator, connect: Connect, staff: User
) -> None:
    remote_id = next(iter(simulator.account("bouw").proposals))
    proposal = make_proposal(connect(), remote_id=remote_id, as_of=timezone.now() - timedelta(days=1))
    simulator.faults.add(Fault(kind="malformed_json", path=r"/proposals.*", times=1))
    page.goto(f"{live_server.url}/proposals/proposal/{proposal.pk}/change/")
    expect(page.get_by_role("alert")).to_contain_text("couldn’t load the details from Offorte")
    axe(page)
    page.get_by_role("button", name="Retry").press("Enter")
    expect(page.get_by_role("heading", name="Activity")).to_be_visible()


def test_a_failed_refresh_leaves_what_was_read(
    page: Page, live_server: LiveServer, axe: AxeCheck, simulator: Simulator, connection: Connection, staff: User
) -> None:
    proposal = Proposal.objects.filter(price_tables__isnull=False).order_by("pk")[0]
    page.goto(f"{live_server.url}/proposals/proposal/{proposal.pk}/change/")
    rows = page.locator(".row-price").count()
    simulator.faults.add(Fault(kind="malformed_json", path=r"/proposals.*", times=1))
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_role("alert")).to_contain_text("You’re seeing the last version we read.")
    assert page.locator(".row-price").count() == rows > 0
    axe(page)


def test_a_receivers_link_is_copied(page: Page, live_server: LiveServer, connection: Connection, staff: User) -> None:
    proposal = Proposal.objects.filter(receivers__isnull=False).order_by("pk")[0]
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{live_server.url}/proposals/proposal/{proposal.pk}/change/")
    button = page.get_by_role("button", name=re.compile("Copy the link of")).first
    button.press("Enter")
    expect(button).to_have_class(re.compile("is-copied"))
    assert "/login/" in page.evaluate("navigator.clipboard.readText()")


def test_a_running_sync_renews_itself_and_can_be_cancelled(
    page: Page, live_server: LiveServer, axe: AxeCheck, connect: Connect, staff: User
) -> None:
    now = timezone.now()
    place: dict[str, Any] = {"since": now.isoformat(), "as_of": now.isoformat()}
    run = SyncRun.objects.create(
        connection=connect(),
        trigger=SyncRun.Trigger.PERSON,
        state=SyncRun.State.RUNNING,
        lease="a worker",
        lease_until=now + timedelta(minutes=1),
        started_at=now,
        checkpoint=Checkpoint(resource="users", **place).dump(),
    )
    mine = SyncRun.objects.filter(pk=run.pk)
    page.goto(f"{live_server.url}/sync/syncrun/{run.pk}/change/")
    check_open_page(page, axe)
    mine.update(checkpoint=Checkpoint(resource="companies", page=12, **place).dump())
    expect(page.locator("#sync-stage")).to_have_text("Reading companies and people")
    expect(page.locator("#sync-progress")).to_contain_text("page 12")
    page.get_by_role("button", name="Cancel sync").press("Enter")
    expect(page.locator("#sync-progress")).to_contain_text("Stops after the current request")
    mine.update(state=SyncRun.State.CANCELLED, finished_at=timezone.now(), lease="")
    expect(page.get_by_text("This sync was cancelled.")).to_be_visible()
    expect(page.get_by_role("button", name="Sync now")).to_be_visible()


def test_held_back_removals_need_a_second_click(
    page: Page, live_server: LiveServer, axe: AxeCheck, connect: Connect, staff: User
) -> None:
    run = SyncRun.objects.create(
        connection=connect(),
        trigger=SyncRun.Trigger.SCHEDULE,
        state=SyncRun.State.DONE,
        held_removals={"companies": 40},
    )
    page.goto(f"{live_server.url}/sync/syncrun/{run.pk}/change/")
    sure = page.get_by_role("button", name="Remove what no longer exists")
    expect(sure).to_be_hidden()
    page.get_by_text("Remove them…").press("Enter")
    axe(page)
    sure.press("Enter")
    expect(page.locator("#sync-progress")).to_contain_text("Waiting for the background worker")
    assert SyncRun.objects.filter(allows_mass_removal=True).count() == 1
