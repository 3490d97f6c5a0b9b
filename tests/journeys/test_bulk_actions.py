"""Many things at once: fifty proposals lost and found again, the prices of a directory, two companies made one.

The worker works in the test itself, so that a job can be met in its middle.
"""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from catalog.models import Product, ProductDirectory
from contacts.models import Company, Person
from offorte_portal.connections.budget import Lane
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import ending, planning
from offorte_portal.jobs.models import Job
from offorte_portal.simulator import Simulator
from offorte_portal.simulator.account import Account
from offorte_portal.sync import runs as run
from offorte_portal.sync.models import SyncRun
from offorte_portal.writes import draining
from offorte_portal.writes.draining import take_step
from offorte_portal.writes.sessions import open_session
from proposals.models import Proposal
from tests.journeys.steps import Axe, check_open_page, make_member, press_tab_until_focused, run_sync

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("patience", "no_motion", "roles"),
]


@pytest.fixture
def offorte(simulator: Simulator) -> Account:
    return simulator.account("bouw")


@pytest.fixture
def manager(sign_in: Callable[[User], None], roles: None) -> User:
    """Mia, signed in."""
    mia = make_member("Manager", "mia")
    sign_in(mia)
    return mia


def plan() -> Job:
    """What the worker does with the latest job first, in as many slices as a slow machine needs."""
    job = Job.objects.latest("pk")
    while Job.objects.filter(planning.unplanned(), pk=job.pk).exists():
        planning.plan(job.pk)
    return job


def send(connection: Connection, count: int) -> None:
    """Send so many writes, as the worker would."""
    with open_session(connection, Lane.BACKGROUND) as session:
        for _ in range(count):
            take_step(session)


def send_all(connection: Connection) -> None:
    """Send all that waits, as the worker would."""
    draining.drain(connection.pk)
    ending.finish_ended()


def read_again(connection: Connection) -> None:
    """Have the mirror know what was made at Offorte since."""
    run_sync(run.request(connection, trigger=SyncRun.Trigger.COMMAND, is_queued=False))


def statuses(offorte: Account, proposals: list[Proposal]) -> list[str]:
    """What these proposals are at Offorte."""
    return [str(offorte.proposals[row.remote_id]["status"]) for row in proposals]


@pytest.mark.usefixtures("manager")
def test_fifty_proposals_are_lost_by_halves_and_found_again(
    page: Page, portal: str, synced: Connection, offorte: Account, axe: Axe
) -> None:
    company = next(iter(offorte.companies))
    for number in range(60):
        offorte.create_proposal(company, name=f"Dakrenovatie {number:02}", status="open")
    read_again(synced)
    page.goto(f"{portal}/proposals/proposal/?q=dakrenovatie&status=open")
    page.locator("#action-toggle").check()
    expect(page.locator(".bulk-count")).to_contain_text("50 selected")
    check_open_page(page, axe)
    page.get_by_role("button", name="Mark as lost").click()
    page.get_by_label("Too expensive").check()
    page.get_by_role("button", name="Preview changes").click()
    expect(page.locator("#preview")).to_contain_text("the first 10 of 50")
    check_open_page(page, axe)
    page.get_by_role("button", name="Mark as lost: 50 proposals").click()

    expect(page.get_by_role("progressbar")).to_be_visible()
    job = plan()
    chosen = list(Proposal.objects.filter(pk__in=job.selection))
    send(synced, 20)
    expect(page.locator("#job-progress")).to_contain_text("20 of 50")
    check_open_page(page, axe)
    page.get_by_role("button", name="Cancel job").click()
    expect(page.locator("#job-state")).to_have_text("Cancelled")
    send(synced, 5)
    assert statuses(offorte, chosen).count("lost") == 20

    page.get_by_role("button", name="Resume").click()
    expect(page.locator("#job-state")).to_have_text("Running")
    send_all(synced)
    expect(page.locator("#job-state")).to_have_text("Done")
    assert statuses(offorte, chosen) == ["lost"] * 50
    check_open_page(page, axe)

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Undo: Mark as lost")
    plan()
    send_all(synced)
    expect(page.locator("#job-state")).to_have_text("Done")
    assert statuses(offorte, chosen) == ["open"] * 50
    page.get_by_role("link", name=f"#{job.pk}").click()
    expect(page.get_by_text("This job has been undone.")).to_be_visible()


@pytest.mark.usefixtures("manager")
def test_the_prices_of_a_directory_are_raised_and_rounded(
    page: Page, portal: str, synced: Connection, offorte: Account, axe: Axe
) -> None:
    directory = ProductDirectory.objects.filter(products__isnull=False).order_by("pk")[0]
    products = list(Product.objects.filter(directory=directory))
    unknown = products.pop()
    for number, product in enumerate(products):
        price = Decimal("10.37") * (number + 1)
        offorte.update_product(product.remote_id, price=price)
        Product.objects.filter(pk=product.pk).update(price=price)  # as Offorte's events tell it
    page.goto(f"{portal}/catalog/product/?directory={directory.pk}")
    page.locator("#action-toggle").check()
    page.get_by_role("button", name="Reprice").click()
    page.get_by_label("Percent").fill("3,5")
    page.get_by_label("Round to").select_option("0.05")
    page.get_by_role("button", name="Preview changes").click()
    preview = page.locator("#preview")
    expect(preview).to_contain_text("10.75")
    expect(preview.get_by_role("row", name=unknown.name)).to_contain_text("The price is unknown.")
    check_open_page(page, axe)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    table = download.value.path().read_text(encoding="utf-8-sig")
    assert "10.37,10.75" in table
    assert not Job.objects.exists()

    page.get_by_role("button", name=re.compile("^Reprice: ")).click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    plan()
    send_all(synced)
    expect(page.locator("#job-state")).to_have_text("Done")
    expect(page.locator("#results")).to_contain_text("The price is unknown.")
    for number, product in enumerate(products):
        raised = Decimal("10.37") * (number + 1) * Decimal("1.035")
        assert offorte.products[product.remote_id]["price"] == round(raised * 20) / Decimal(20), raised
    assert offorte.products[unknown.remote_id]["price"] != 0 or unknown.price is None


def press_until(page: Page, target: Locator, key: str = "Enter") -> None:
    """Go to something by Tab, and press a key there."""
    press_tab_until_focused(page, target, limit=150)
    page.keyboard.press(key)


@pytest.mark.usefixtures("manager")
def test_two_companies_are_made_one_by_keyboard_alone(
    page: Page, portal: str, synced: Connection, offorte: Account, axe: Axe
) -> None:
    keeps = offorte.create_company(name="Zonneveld Installaties", city="Breda")
    goes = offorte.create_company(name="Zonneveld Installaties BV", city="Breda")
    person = offorte.create_person(goes["id"], fullname="Piet Zonneveld", email="piet@zonneveld.example")
    proposal = offorte.create_proposal(goes["id"], name="Zonnepanelen op de loods", status="open")
    read_again(synced)
    page.goto(f"{portal}/contacts/company/?q=zonneveld")
    press_until(page, page.locator("#action-toggle"), "Space")
    expect(page.locator(".bulk-count")).to_contain_text("2 selected")
    press_until(page, page.get_by_role("button", name="Merge"))
    first = page.get_by_role("radio", name="Zonneveld Installaties BV ·")
    press_tab_until_focused(page, first)
    expect(first).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=survivor]").last).to_be_checked()
    press_until(page, page.get_by_role("button", name="Preview changes"))
    preview = page.locator("#preview")
    for moves in ("Piet Zonneveld", "Zonnepanelen op de loods"):
        expect(preview).to_contain_text(moves)
    check_open_page(page, axe)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator("h1").evaluate("element => { element.tabIndex = -1; element.focus(); }")
    confirm = page.get_by_role("button", name="Merge: 1 company")
    press_until(page, confirm)
    expect(page.get_by_role("alert")).to_contain_text("Tick the box to confirm")
    press_until(page, page.get_by_label("I understand that this can’t be undone"), "Space")
    page.keyboard.press("Shift+Tab")
    expect(confirm).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("progressbar")).to_be_visible()
    plan()
    send_all(synced)
    expect(page.locator("#job-state")).to_have_text("Done")
    assert goes["id"] not in offorte.companies
    assert person["id"] not in offorte.people
    assert offorte.proposals[proposal["id"]]["company_id"] == keeps["id"]
    assert [one["fullname"] for one in offorte.people.values() if one["company_id"] == keeps["id"]] == [
        "Piet Zonneveld"
    ]
    assert Company.objects.get(remote_id=goes["id"]).removed_at is not None
    assert Person.objects.present().get(fullname="Piet Zonneveld").company_remote_id == keeps["id"]
    check_open_page(page, axe)
