"""From a connection to Workspace to proposals in Offorte: choose the unit, match, copy, open one and its original."""

import os
import re
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from offorte_portal.connections.models import Connection
from offorte_portal.jobs import ending
from offorte_portal.jobs.models import Job
from offorte_portal.other_systems import deciding, work
from offorte_portal.other_systems.models import ImportedQuote, PartyMatch, QuoteImport, Source
from offorte_portal.simulator import Simulator
from offorte_portal.simulator.sources import SourceSimulator
from offorte_portal.writes import draining
from offorte_portal.writes.models import Operation
from proposals.models import Proposal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUOTES = 30
COPIED = 25
NUMBER = "2013-0003"
Look = Callable[[str], None]


@pytest.fixture
def other() -> Iterator[SourceSimulator]:
    with SourceSimulator(quotes=QUOTES) as running:
        yield running


@pytest.fixture
def look(page: Page, axe: Callable[[Page], None]) -> Look:
    """Looks whether everybody can use the page, and keeps pictures of it where somebody wants to see some."""

    def at(name: str) -> None:
        axe(page)
        if folder := os.environ.get("PICTURES"):
            shoot(page, f"{folder}/{name}")

    return at


def shoot(page: Page, path: str) -> None:
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{path}-{theme}-{width}.png", full_page=True)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 1440, "height": 900})


def test_from_workspace_to_offorte(
    page: Page,
    portal: str,
    synced: Connection,
    administrator: User,
    simulator: Simulator,
    other: SourceSimulator,
    look: Look,
    patience: None,
    no_motion: None,
) -> None:
    connect(page, portal, synced, other, look)
    read_all(page, other, look)
    calibrate(page, other, look)
    say_who_is_new(page, portal, look)
    tick(page, portal, look)
    copy(page, synced, look)
    copy_again(page, portal, simulator)
    compare(page, portal, simulator, look)
    assert {one.method for one in other.requests} == {"GET"}
    assert Source.objects.get().state == Source.State.READY


def connect(page: Page, portal: str, account: Connection, other: SourceSimulator, look: Look) -> None:
    page.goto(f"{portal}/other_systems/source/")
    page.get_by_role("link", name=re.compile("Add")).first.click()
    expect(page.get_by_role("heading", name="Connect another system")).to_be_visible()
    look("choose")
    page.get_by_role("link", name="Workspace").click()
    page.get_by_label("Base URL").fill(other.workspace.url)
    page.get_by_label("API token").fill(other.workspace.secret)
    page.get_by_label("Offorte account").select_option(str(account.pk))
    page.get_by_label("Requests per second").fill("0")
    look("new")
    page.get_by_role("button", name="Save").click()


def read_all(page: Page, other: SourceSimulator, look: Look) -> None:
    """Test the connection, then import."""
    page.get_by_role("button", name="Test").click()
    expect(page.get_by_text("The connection to Workspace works.")).to_be_visible()
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_role("heading", name="Last import")).to_be_visible()
    assert work.import_now(QuoteImport.objects.get()).state == "done"
    page.reload()
    assert other.workspace.secret not in page.content()
    look("source")


def calibrate(page: Page, other: SourceSimulator, look: Look) -> None:
    euros = int(other.workspace.quotations[2]["total_price"]) // 1000
    page.get_by_label("Thousandths", exact=True).check()
    look("unit")
    page.get_by_role("button", name="Use these amounts").click()
    expect(page.get_by_text("Amounts are now read as: Thousandths.")).to_be_visible()
    assert ImportedQuote.objects.get(number=NUMBER).total == euros


def say_who_is_new(page: Page, portal: str, look: Look) -> None:
    """None of the customers is in Offorte; a person says so of one, and of the others all at once later."""
    page.goto(f"{portal}/other_systems/partymatch/")
    look("customers")
    match = PartyMatch.objects.filter(kind="company").order_by("pk")[0]
    page.goto(f"{portal}/other_systems/partymatch/{match.pk}/change/")
    look("customer")
    page.get_by_role("button", name="Mark as new").click()
    expect(page.get_by_text("will be created in Offorte when you copy")).to_be_visible()


def tick(page: Page, portal: str, look: Look) -> None:
    """Choose single rows in the list; the bar says how many."""
    page.goto(f"{portal}/other_systems/importedquote/?o=1")
    boxes = page.locator(".action-select")
    boxes.nth(0).check()
    boxes.nth(COPIED - 1).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text(str(COPIED))
    look("quotes")
    page.get_by_role("button", name="Copy to Offorte").click()
    expect(page.get_by_role("heading", name=f"{COPIED} quotes selected")).to_be_visible()
    look("copy-how")


def copy(page: Page, account: Connection, look: Look) -> None:
    page.get_by_label("Create customers that aren’t in Offorte yet").check()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text(f"{COPIED} proposals will be created")).to_be_visible()
    look("copy")
    page.get_by_role("button", name=f"Copy {COPIED} quotes").click()
    expect(page.get_by_text("Confirm that you have read the warnings")).to_be_visible()
    page.get_by_label("I have read").check()
    page.get_by_role("button", name=f"Copy {COPIED} quotes").click()
    expect(page.get_by_text("Confirm that you also want to copy")).to_be_visible()
    page.get_by_label("I have read").check()
    page.get_by_label("Also copy the quotes").check()
    page.get_by_role("button", name=f"Copy {COPIED} quotes").click()
    expect(page.get_by_role("heading", name="Copy to Offorte")).to_be_visible()
    finish(account)
    job = Job.objects.get()
    assert job.state == Job.State.DONE
    made = Operation.objects.filter(job=job, target="proposals", state=Operation.State.DONE)
    assert made.count() == COPIED
    page.reload()
    look("job")


def copy_again(page: Page, portal: str, simulator: Simulator) -> None:
    """The same once more makes nothing."""
    before = len(simulator.account("bouw").proposals)
    made = ImportedQuote.objects.filter(created_with__isnull=False).values_list("pk", flat=True)
    page.goto(f"{portal}/quotes/recreate/?" + "&".join(f"pk={pk}" for pk in made))
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("This quote has already been copied to Offorte.").first).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Copy "))).to_have_count(0)
    assert len(simulator.account("bouw").proposals) == before


def compare(page: Page, portal: str, simulator: Simulator, look: Look) -> None:
    """One beside its original, and from there to the proposal that was made of it."""
    quote = ImportedQuote.objects.filter(created_with__isnull=False).order_by("pk")[0]
    page.goto(f"{portal}/other_systems/importedquote/{quote.pk}/change/")
    expect(page.get_by_role("heading", name=re.compile("Original data"))).to_be_visible()
    expect(page.get_by_role("heading", name="In Workspace")).to_be_visible()
    expect(page.get_by_role("heading", name="Price table")).to_be_visible()
    look("quote")
    page.get_by_role("link", name="Open the proposal in Offorte").click()
    expect(page.get_by_role("heading", name=quote.title, level=1)).to_be_visible()
    operation = quote.created_with
    assert operation is not None
    assert operation.remote_id is not None
    proposal = Proposal.objects.get(remote_id=operation.remote_id)
    record = simulator.account("bouw").proposals[proposal.remote_id]
    assert record["price_total_original"] == quote.total


def finish(connection: Connection) -> None:
    """What the worker does, until nothing is pending."""
    for _ in range(40):
        draining.drain(connection.pk)
        ending.finish_ended()
        deciding.settle_made()
        if not Operation.objects.filter(state__in=Operation.PENDING).exists():
            return
    raise AssertionError(list(Operation.objects.values_list("target", "state", "reason")))
