"""What people meet in their first days: a handshake that fails, access that ends, a reconnect."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from offorte_portal.api.errors import AuthenticationFailed
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.reasons import MirrorReason
from offorte_portal.simulator import Simulator
from offorte_portal.simulator.account import Account
from offorte_portal.sync.models import SyncRun
from proposals.models import Proposal
from tests.journeys.steps import Axe, check_open_page, make_member, run_sync

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("patience", "no_motion", "roles"),
]

SignIn = Callable[[User], None]


@pytest.fixture
def account(simulator: Simulator) -> Account:
    return simulator.account("bouw")


@pytest.fixture
def prepared(account: Account) -> Connection:
    """An account as the form leaves it, before the handshake."""
    return Connection.objects.create(
        account="bouw", label="Demo Bouw", client_id=account.client_id, client_secret=account.client_secret
    )


def answer_at_offorte(page: Page, answer: str, *, is_signed_in: bool = False) -> None:
    """From the page that explains it to the consent page, where the answer is a button; Offorte remembers a sign-in."""
    page.get_by_role("button", name=re.compile("(Connect|Reconnect) to Offorte")).click()
    if not is_signed_in:
        page.get_by_label("Password").fill("demo")
        page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=answer).click()


def banner(page: Page) -> Locator:
    return page.locator(".banner-bad")


@pytest.mark.usefixtures("administrator", "prepared")
def test_consent_that_was_denied_can_be_given_after_all(page: Page, portal: str) -> None:
    page.goto(portal)
    expect(page.locator(".account-counts")).to_contain_text("0 proposals")
    page.goto(f"{portal}/offorte/bouw/login/")
    answer_at_offorte(page, "Deny")
    expect(page.get_by_role("alert")).to_contain_text("Demo Bouw was not connected. Access wasn’t granted")
    answer_at_offorte(page, "Allow", is_signed_in=True)
    expect(page).to_have_url(re.compile(r"/syncrun/\d+/change/$"))
    run_sync(SyncRun.objects.get())
    expect(page.get_by_role("button", name="Sync now")).to_be_visible()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Home").click()
    expect(page.locator(".account-counts")).to_contain_text("14 proposals")


@pytest.mark.usefixtures("administrator")
def test_a_wrong_secret_is_put_right_where_the_page_says(page: Page, portal: str, prepared: Connection) -> None:
    secret = prepared.client_secret
    Connection.objects.update(client_secret="mistyped")
    page.goto(f"{portal}/offorte/bouw/login/")
    answer_at_offorte(page, "Allow")
    expect(page.get_by_role("alert")).to_contain_text("refused the client ID or the client secret")
    page.get_by_role("link", name="Change client ID or secret").click()
    expect(page.get_by_label("Client secret")).to_have_value("")
    page.get_by_label("Client secret").fill(secret)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Demo Bouw (bouw)").last.click()
    page.get_by_role("link", name="Connect to Offorte").click()
    answer_at_offorte(page, "Allow", is_signed_in=True)
    expect(page).to_have_url(re.compile(r"/syncrun/\d+/change/$"))
    assert Connection.objects.get().is_connected


def test_withdrawn_access_is_renewed_by_another_administrator(
    page: Page, portal: str, synced: Connection, account: Account, sign_in: SignIn
) -> None:
    proposal = Proposal.objects.filter(details_as_of__isnull=False).order_by("pk")[0]
    seller = make_member("Seller", "sanne")
    account.revoke_tokens()
    sign_in(seller)
    page.goto(portal + reverse("admin:proposals_proposal_change", args=[proposal.pk]))
    expect(banner(page)).to_have_count(0)
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Proposals").click()
    expect(banner(page)).to_contain_text("Ask an administrator to reconnect it.")
    expect(banner(page).get_by_role("link")).to_have_count(0)
    expect(page.locator("#result_list tbody tr")).to_have_count(14)

    bert = make_member("Administrator", "bert")
    sign_in(bert)
    page.goto(portal)
    banner(page).get_by_role("link", name="Reconnect").click()
    answer_at_offorte(page, "Allow")
    expect(page).to_have_url(re.compile(r"/syncrun/\d+/change/$"))
    expect(banner(page)).to_have_count(0)
    connection = Connection.objects.get()
    assert connection.is_connected
    assert connection.connected_by == bert
    run_sync(SyncRun.objects.get(state=SyncRun.State.QUEUED))


@pytest.mark.usefixtures("administrator")
def test_what_was_read_stays_after_disconnecting(page: Page, portal: str, synced: Connection, axe: Axe) -> None:
    page.goto(portal + reverse("admin:connections_connection_change", args=[synced.pk]))
    check_open_page(page, axe)
    page.get_by_role("link", name="Disconnect").click()
    check_open_page(page, axe)
    expect(page.get_by_label("Keep it")).to_be_checked()
    page.get_by_role("button", name="Disconnect").press("Enter")
    expect(page.get_by_role("status").filter(has_text="is disconnected")).to_be_visible()
    expect(page.get_by_role("button", name="Sync now")).to_have_count(0)
    connection = Connection.objects.get()
    assert not connection.access_token
    assert not connection.refresh_token
    page.goto(f"{portal}/proposals/proposal/")
    expect(page.locator("#result_list tbody tr")).to_have_count(14)
    expect(page.locator(".freshness")).to_have_class(re.compile("is-stale"))


def test_a_viewer_looks_and_starts_nothing(page: Page, portal: str, synced: Connection, sign_in: SignIn) -> None:
    viewer = make_member("Viewer", "vera")
    sign_in(viewer)
    run = SyncRun.objects.get()
    for path in ("/", reverse("admin:sync_syncrun_change", args=[run.pk])):
        page.goto(portal + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("button", name="Sync now")).to_have_count(0)
    expect(page.get_by_role("link", name="Offorte accounts")).to_have_count(0)
    client = Client()
    client.force_login(viewer)
    for path in (reverse("sync_start", args=[synced.pk]), reverse("sync_keep", args=[run.pk])):
        assert client.post(path).status_code == 403
    assert client.post(reverse("offorte_login", args=["bouw"])).status_code == 403
    assert SyncRun.objects.count() == 1


@pytest.mark.usefixtures("administrator", "prepared")
def test_the_page_that_explains_connecting_is_accessible(page: Page, portal: str, axe: Axe) -> None:
    page.goto(f"{portal}/offorte/bouw/login/")
    check_open_page(page, axe)
    Connection.objects.update(state=Connection.State.RECONNECT, state_reason=AuthenticationFailed().reason)
    page.reload()
    expect(banner(page)).to_be_visible()
    check_open_page(page, axe)


@pytest.mark.usefixtures("administrator")
def test_syncs_with_something_odd_are_accessible(page: Page, portal: str, axe: Axe, synced: Connection) -> None:
    run = SyncRun.objects.get()
    for number in range(3):
        run.warnings.create(
            resource="companies", remote_id=number, reason=MirrorReason.TOO_LONG(field="phone", value="06", length=255)
        )
    page.goto(portal + reverse("admin:sync_syncrun_change", args=[run.pk]))
    expect(page.locator("#warnings")).to_contain_text("is longer than 255 characters")
    check_open_page(page, axe)
    page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link", name="Syncs").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    check_open_page(page, axe)


@pytest.mark.usefixtures("administrator")
def test_a_watched_sync_shows_when_the_worker_takes_it_up(page: Page, portal: str, prepared: Connection) -> None:
    run = SyncRun.objects.create(connection=prepared, trigger=SyncRun.Trigger.CONNECT)
    page.goto(portal + reverse("admin:sync_syncrun_change", args=[run.pk]))
    expect(page.locator("#sync-state")).to_have_text("Queued")
    SyncRun.objects.update(state=SyncRun.State.RUNNING)
    expect(page.locator("#sync-state")).to_have_text("Running")
    expect(page.locator("#sync-stage")).not_to_be_empty()
