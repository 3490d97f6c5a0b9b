"""Proposals are lost with a reason on five ways; the report shows the five, and each number leads to its rows."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, ViewportSize, expect

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.simulator.account import Account
from offorte_portal.tracking import losses
from proposals.models import AccountUser, Proposal
from tests.files.imports.storing import work_at_once
from tests.journeys.losing import Say, do_job, give, lose_in_bulk, mirror, speak, status_at
from tests.journeys.steps import DESK, PHONE, Axe, check_open_page, make_member
from tests.support.length import usual_or_long

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("patience", "no_motion", "roles"),
]

EVERY = [(DESK, "en"), (PHONE, "en"), (DESK, "nl"), (PHONE, "nl")]
SANNE, BRAM = "sanne@bouw.example", "bram@bouw.example"
# Each proposal with its owner, its value, and the reason that it is lost for.
LOST = {
    "Verloren beller": (SANNE, 1000, "Too expensive"),
    "Verloren kaart": (SANNE, 2000, "Too expensive"),
    "Verloren rij": (SANNE, 3000, "No budget"),
    "Verloren veld": (BRAM, 4000, "Bad timing"),
    "Verloren bestand": (BRAM, 5000, "No response"),
}
CALL, CARD, ROW, FIELD, FILE = LOST


@pytest.fixture
def offorte(simulator: Simulator) -> Account:
    simulator.switches.vintage = "live"
    account = simulator.account("bouw")
    for name, (owner, value, _reason) in LOST.items():
        give(account, owner, name, value)
    return account


@pytest.fixture
def connection(offorte: Account, portal: str, connect: Callable[..., Connection]) -> Connection:
    connection = connect()
    mirror(connection)
    return connection


@pytest.fixture
def mia(roles: None, sign_in: Callable[[User], None]) -> User:
    """A manager, signed in."""
    user = make_member("Manager", "mia")
    sign_in(user)
    return user


@pytest.mark.usefixtures("mia")
@pytest.mark.parametrize(("size", "language"), usual_or_long([EVERY[0], EVERY[3]], EVERY))
def test_lost_on_five_ways_then_the_report(
    page: Page,
    portal: str,
    offorte: Account,
    connection: Connection,
    size: ViewportSize,
    language: str,
    axe: Axe,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    work_at_once(monkeypatch)
    page.set_viewport_size(size)
    page.set_extra_http_headers({"Accept-Language": language})
    say = speak(language)
    lose_a_call(page, portal, say)
    lose_a_card(page, portal, say)
    page.goto(f"{portal}/proposals/proposal/?q=Verloren+rij")
    lose_in_bulk(page, say, LOST[ROW][2])
    do_job(page, say, connection)
    lose_by_its_form(page, portal, say)
    lose_by_file(page, portal, say, tmp_path / "verloren.csv", axe)
    do_job(page, say, connection)
    assert {name: status_at(offorte, name) for name in LOST} == dict.fromkeys(LOST, "lost")
    kept = losses.current(Proposal.objects.filter(name__in=LOST))
    assert {loss.proposal.name: str(loss.reason) for loss in kept.values()} == {
        name: reason for name, (_owner, _value, reason) in LOST.items()
    }
    mirror(connection)
    read_the_report(page, portal, say, axe)


def lose_a_call(page: Page, portal: str, say: Say) -> None:
    page.goto(f"{portal}/?who=team")
    call = page.locator(".call").filter(has=page.get_by_role("link", name=CALL, exact=True))
    call.get_by_role("link", name=say("Mark %(name)s as lost", name=CALL)).click()
    answer(page, say, LOST[CALL][2])


def lose_a_card(page: Page, portal: str, say: Say) -> None:
    """By the menu of the card, as on a phone."""
    page.goto(f"{portal}/board/?mine=&q=Verloren")
    card = page.locator(f"#card-{Proposal.objects.get(name=CARD).pk}")
    card.locator("summary").press("Enter")
    card.locator("[data-status=lost]").press("Enter")
    answer(page, say, LOST[CARD][2])


def answer(page: Page, say: Say, reason: str) -> None:
    """Say why in the dialog."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(say(reason)).check()
    dialog.get_by_role("button", name=say("Mark as lost")).click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".toasts")).to_be_visible()


def lose_by_its_form(page: Page, portal: str, say: Say) -> None:
    page.goto(f"{portal}/proposals/proposal/{Proposal.objects.get(name=FIELD).pk}/edit/")
    page.locator("select[name=status]").select_option("lost")
    page.locator("select[name=reason]").select_option(label=say(LOST[FIELD][2]))
    page.get_by_role("button", name=say("Save"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(FIELD)
    expect(page.get_by_text(say("Lost because"))).to_be_visible()


def lose_by_file(page: Page, portal: str, say: Say, path: Path, axe: Axe) -> None:
    """The file misspells the reason, which is chosen once on the page."""
    proposal = Proposal.objects.get(name=FILE)
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(
            [["Offorte ID", "Status", say("Lost reason")], [proposal.remote_id, say("Lost"), say("No response") + "e"]]
        )
    page.goto(f"{portal}/proposals/proposal/")
    page.get_by_role("link", name=say("Import statuses")).click()
    page.wait_for_url("**/imports/new/statuses/")
    check_open_page(page, axe)
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name=say("Upload file")).click()
    page.get_by_role("button", name=say("Check rows")).click()
    page.get_by_role("link", name=say("Problems")).click()
    expect(page.locator(".line-error")).to_contain_text(say("No response"))
    check_open_page(page, axe)
    page.locator("select[name=reason_0]").select_option(label=say(LOST[FILE][2]))
    page.get_by_role("button", name=say("Refresh"), exact=True).click()
    expect(page.locator(".changes")).to_contain_text(say("Lost because"))
    check_open_page(page, axe)
    page.locator("button[name=confirm]").click()
    expect(page.locator("#job-state")).to_be_visible()


def read_the_report(page: Page, portal: str, say: Say, axe: Axe) -> None:
    """By reason and by seller; each number leads to so many rows of the list."""
    page.goto(f"{portal}/reports/lost/?who=team")
    counts = {say("Too expensive"): "2", say("No budget"): "1", say("Bad timing"): "1", say("No response"): "1"}
    expect(page.locator("table.report tbody tr")).to_have_count(4 + 1)  # and those of the account without a reason
    check_open_page(page, axe)
    for reason, count in counts.items():
        page.goto(f"{portal}/reports/lost/?who=team")
        line = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=reason, exact=True))
        expect(line.get_by_role("cell").first).to_contain_text(count)
        line.get_by_role("cell").first.get_by_role("link").click()
        expect(page.locator("input[name=_selected_action]")).to_have_count(int(count))
    page.goto(f"{portal}/reports/lost/?who=team&by=seller")
    for owner in (SANNE, BRAM):
        page.goto(f"{portal}/reports/lost/?who=team&by=seller")
        theirs = Proposal.objects.filter(status="lost", owner_email=owner)
        name = str(AccountUser.objects.get(email=owner))
        line = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name, exact=True))
        number = line.get_by_role("cell").first.get_by_role("link")
        expect(number).to_have_text(str(theirs.count()))
        number.click()
        expect(page.locator("input[name=_selected_action]")).to_have_count(theirs.count())
        for proposal in theirs.filter(name__in=LOST):
            expect(page.locator("#result_list").get_by_text(proposal.name, exact=True)).to_be_visible()
