"""Proposals by the hundred in a browser: from companies ticked in a list, and from a file."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from contacts.models import Company
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import ending, planning
from offorte_portal.jobs.models import Job
from offorte_portal.simulator import Simulator
from offorte_portal.sync import runs as run
from offorte_portal.sync.models import SyncRun
from offorte_portal.writes import draining
from tests.files.imports.files import Rows, as_workbook
from tests.files.imports.storing import work_at_once
from tests.journeys.steps import Axe, check_open_page, make_member, run_sync
from tests.support.factories import link_by_address

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("patience", "no_motion", "roles"),
]
SHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture(autouse=True)
def _worker(monkeypatch: pytest.MonkeyPatch) -> None:
    work_at_once(monkeypatch)


@pytest.fixture
def seller(simulator: Simulator, sign_in: Callable[[User], None], roles: None) -> User:
    """Sem, a user of the account, signed in."""
    sem = make_member("Seller", "sem")
    sem.email = next(iter(simulator.account("bouw").users.values()))["email"]
    sem.save()
    sign_in(sem)
    return sem


def look(page: Page, axe: Axe, name: str) -> None:
    """Check the open page at both sizes, in light and in dark, and take pictures where they are asked for."""
    check_open_page(page, axe)
    for width, height in ((1440, 900), (390, 844)) if SHOTS else ():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{SHOTS}/many-{name}-{width}-{scheme}.png", full_page=True)
    page.set_viewport_size({"width": 1440, "height": 900})


def work_off(connection: Connection) -> Job:
    """What the worker does with the latest job."""
    job = Job.objects.latest("pk")
    planning.plan(job.pk)
    draining.drain(connection.pk)
    ending.finish_ended()
    job.refresh_from_db()
    return job


@pytest.mark.usefixtures("seller")
def test_from_three_companies_to_drafts_to_mails(
    page: Page, portal: str, connect: Callable[[], Connection], simulator: Simulator, axe: Axe
) -> None:
    offorte, connection = simulator.account("bouw"), connect()
    for name in ("Bakker", "Brandweer", "Bibliotheek"):
        company = offorte.create_company(name=f"Zuiderzee {name}", city="Breda")
        email = f"{name.lower()}@zuiderzee.example"
        offorte.create_person(company["id"], fullname=f"Jan {name}", firstname="Jan", email=email)
        offorte.create_person(company["id"], fullname=f"Piet {name}", email="")
    run_sync(run.request(connection, trigger=SyncRun.Trigger.CONNECT, is_queued=False))
    link_by_address(User.objects.get(username="sem"))
    page.goto(f"{portal}/contacts/company/?q=zuiderzee")
    page.locator("#action-toggle").check()
    expect(page.locator(".bulk-count")).to_contain_text("3 selected")
    page.get_by_role("button", name="Create proposals").click()
    page.get_by_label("Name of each proposal").fill("Onderhoud {company}")
    page.get_by_label("Proposal template").select_option(index=1)
    page.get_by_role("button", name="Preview changes").click()
    expect(page.locator("#preview")).to_contain_text("Create: Onderhoud Zuiderzee Bakker (to Jan Bakker)")
    look(page, axe, "companies")
    page.get_by_role("button", name="Create proposals: 3 companies").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    work_off(connection)
    expect(page.locator("#job-state")).to_have_text("Done")
    look(page, axe, "job")

    page.get_by_role("link", name="Send 3 proposals").click()
    page.get_by_role("textbox", name="Message").fill("Dag {company_people_firstname}, zie {proposal_name}.")
    page.get_by_role("button", name="Preview changes").click()
    preview = page.locator("#preview")
    expect(preview).to_contain_text("Jan Brandweer <brandweer@zuiderzee.example>")
    expect(page.get_by_text("No e-mail address, so they won’t receive anything: Piet")).to_be_visible()
    look(page, axe, "send")
    page.get_by_label("I understand that this can’t be undone").check()
    page.get_by_role("button", name="Send: 3 proposals").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    work_off(connection)
    expect(page.locator("#job-state")).to_have_text("Done")
    assert sorted(mail.receivers[0] for mail in offorte.sent_mails) == [
        "bakker@zuiderzee.example",
        "bibliotheek@zuiderzee.example",
        "brandweer@zuiderzee.example",
    ]
    assert {mail.message.partition(",")[2] for mail in offorte.sent_mails} == {
        f" zie Onderhoud Zuiderzee {name}." for name in ("Bakker", "Brandweer", "Bibliotheek")
    }


@pytest.mark.usefixtures("seller")
def test_from_a_file_to_drafts(page: Page, portal: str, synced: Connection, axe: Axe, tmp_path: Path) -> None:
    companies = list(Company.objects.order_by("pk")[:4])
    rows: Rows = [
        ["Bedrijf", "Groep", "Offerte", "Omschrijving", "Aantal", "Prijs", "BTW", "Opmerking"],
        [companies[0].name, "1", None, "Dakpannen vervangen", 2, 450.5, "21%", "belt graag"],
        [companies[0].name, "1", None, "Voorrijden", 1, 45, "21%", None],
        [companies[1].name, None, "Zonnepanelen {city}", "Zonnepaneel 430 Wp", 12, 189, "21%", None],
        [companies[2].name, None, None, "Goot", 3, None, "21%", None],
        ["Onbekend Bedrijf BV", None, None, "Goot", 3, 12, "21%", None],
        [companies[3].name, None, None, None, None, None, None, None],
        [companies[3].name, None, None, None, None, None, None, None],
    ]
    file = tmp_path / "offertes.xlsx"
    file.write_bytes(as_workbook(rows).getvalue())
    page.goto(f"{portal}/compose/")
    page.get_by_role("link", name="From a file").click()
    look(page, axe, "file")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Upload file").click()
    expect(page.get_by_label("Bedrijf")).to_have_value("company")
    look(page, axe, "columns")
    page.get_by_label("Name of each proposal").fill("Offerte voor {company}")
    page.get_by_label("Price table for the rows").fill("pricetable1")
    page.get_by_role("button", name="Check rows").click()
    expect(page.get_by_text("This account has no company “Onbekend Bedrijf BV”.")).to_be_visible()
    look(page, axe, "problems")
    page.get_by_role("link", name="Already exists").click()
    expect(page.get_by_text("Row 7 is a proposal with the same name for the same company.")).to_be_visible()
    page.get_by_role("link", name="New").click()
    expect(page.get_by_text("Part of the proposal in row 2.")).to_be_visible()
    look(page, axe, "rows")
    page.get_by_role("button", name="Create 3 proposals").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    work_off(synced)
    expect(page.locator("#job-state")).to_have_text("Done")
    expect(page.get_by_text("Row 5")).to_be_visible()
    look(page, axe, "file-job")
