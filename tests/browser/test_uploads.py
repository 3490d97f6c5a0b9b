"""Importing a file in a real browser: file, columns, a look at each row, the job."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from offorte_portal.jobs.models import Job
from tests.files.imports.files import Rows, as_workbook
from tests.files.imports.storing import work_at_once
from tests.journeys.steps import check_open_page
from tests.support.factories import make_company, make_connection, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture(autouse=True)
def _worker(monkeypatch: pytest.MonkeyPatch) -> None:
    work_at_once(monkeypatch)


ROWS: Rows = [
    ["Klantenlijst 2026", None, None, None, None],
    ["Bedrijfsnaam", "Plaats", "E-mail", "Btw-nummer", "Opmerking"],
    ["Bouwbedrijf Jansen", "Breda", "info@jansen.example", None, "belt graag"],
    ["De Vries Bouw", "Tilburg", None, None, None],
    ["Dak & Goot", "Ede", "geen adres", None, None],
    ["Zonder fout", "Ede", None, "NL123", None],
    *([f"Bedrijf {number}", "Oss", None, None, None] for number in range(60)),
]


def test_a_workbook_becomes_companies(
    page: Page, live_server: LiveServer, sign_in: Callable[[User], None], axe: Callable[[Page], None], tmp_path: Path
) -> None:
    connection = make_connection("bouw", label="Bouw BV")
    make_company(connection, name="De Vries Bouw", city="Breda")
    make_company(connection, name="Jansen Bouwbedrijf", internet="https://jansen.example")
    sign_in(make_staff("eva"))
    file = tmp_path / "klanten.xlsx"
    file.write_bytes(as_workbook(ROWS, merge="A1:E1").getvalue())

    page.goto(live_server.url + reverse("admin:contacts_company_changelist"))
    page.get_by_role("link", name="Import", exact=True).click()
    look(page, axe, "file")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Upload file").click()

    expect(page.get_by_label("Bedrijfsnaam")).to_have_value("name")
    expect(page.get_by_label("Opmerking")).to_have_value("")
    expect(page.get_by_text("The column names are in row 2")).to_be_visible()
    look(page, axe, "columns")
    page.get_by_role("button", name="Check rows").click()

    expect(page.get_by_text("same domain")).to_be_visible()
    look(page, axe, "new")
    page.get_by_role("link", name="Changes").click()
    expect(page.get_by_text("Tilburg")).to_be_visible()
    look(page, axe, "changes")
    page.get_by_role("link", name="Problems").click()
    expect(page.get_by_text("“geen adres” isn’t an e-mail address.")).to_be_visible()
    look(page, axe, "problems")

    page.get_by_label("Leave it unchanged").check()
    page.get_by_role("button", name="Refresh").click()
    page.get_by_role("button", name="Import 62 rows").click()
    expect(page.get_by_role("heading", name="Import companies")).to_be_visible()
    assert Job.objects.get().size == 62
    page.go_back()
    page.reload()
    expect(page.get_by_role("link", name="View bulk job")).to_be_visible()
    look(page, axe, "imported")


def look(page: Page, axe: Callable[[Page], None], name: str) -> None:
    """axe, and pictures where they are asked for."""
    check_open_page(page, axe)
    if SHOTS:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for width in (1440, 390):
                page.set_viewport_size({"width": width, "height": 900})
                page.screenshot(path=f"{SHOTS}/{name}-{width}-{scheme}.png", full_page=True)
    page.set_viewport_size({"width": 1440, "height": 900})
