"""Proposals from a file, from the browser's side: file, columns, rows, job."""

import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from contacts.models import Company
from offorte_portal.connections.models import Connection
from offorte_portal.jobs.models import Job
from offorte_portal.simulator import Simulator
from proposals.models import ProposalTemplate
from tests.compose.composing import told
from tests.files.imports.storing import work_at_once
from tests.support.bulk import make_member, sign_in, work_off
from tests.support.forms import Mirror

pytestmark = pytest.mark.django_db
URL = "/compose/many/"


@pytest.fixture(autouse=True)
def _worker(monkeypatch: pytest.MonkeyPatch) -> None:
    work_at_once(monkeypatch)


@pytest.fixture
def account(mirror: Mirror) -> Connection:
    return mirror()


@pytest.fixture
def manager() -> User:
    return make_member("Manager", "mia")


def workbook(*rows: list[Any]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def upload(client: Client, account: Connection, content: bytes, name: str = "offertes.xlsx") -> Any:
    return client.post(URL, {"account": account.pk, "file": SimpleUploadedFile(name, content)}, follow=True)


def fields_of(page: Any) -> list[str]:
    """What each column was taken for."""
    return [line["field"].value() for line in page.context["columns"].lines()]


def filled(page: Any, **typed: Any) -> dict[str, Any]:
    """What the form of columns would be posted with."""
    bound = [*page.context["columns"], *page.context["form"]]
    values = {field.html_name: field.value() for field in bound}
    return {name: value for name, value in values.items() if value not in (None, False)} | typed


def test_from_a_workbook_to_proposals(simulator: Simulator, account: Connection, manager: User) -> None:
    client, company = sign_in(manager), Company.objects.order_by("pk")[0]
    content = workbook(
        ["Bedrijf", "Omschrijving", "Prijs", "Opmerking"],
        [company.name, "Dak", 12.5, "x"],
        ["Niemand BV", "Goot", 5, "y"],
    )
    page = upload(client, account, content)
    assert fields_of(page) == ["company", "content", "price", ""]
    url = page.redirect_chain[-1][0]
    page = client.post(url, filled(page, pattern="Voor {company}", table="pricetable1", vat="21%"), follow=True)
    assert (page.context["made"], page.context["value"]) == (1, 12.5)
    assert "This account has no company “Niemand BV”." in page.content.decode()
    left_out = b"".join(client.get(f"{url}left-out.csv")).decode()
    assert "Niemand BV" in left_out
    assert ",3," in left_out
    stale = client.post(f"{url}rows/", {"seen": "earlier"}, follow=True)
    assert told(stale) == ["The rows were checked again after you opened this page. Review them, then confirm."]
    done = client.post(f"{url}rows/", {"seen": page.context["seen"]}, follow=True)
    job = work_off(Job.objects.get())
    assert done.redirect_chain[-1][0] == f"/jobs/job/{job.pk}/change/"
    (made,) = [one for one in simulator.account("bouw").proposals.values() if one["name"] == f"Voor {company}"]
    assert made["status"] == "edit"
    html = client.get(f"/jobs/job/{job.pk}/change/").content.decode()
    assert "Row 3" in html
    assert "Send proposal" in html
    for address in (url, f"{url}rows/"):
        assert client.get(address).status_code == 302
    assert client.post(f"{url}rows/", {"seen": page.context["seen"]}).status_code == 302
    assert Job.objects.count() == 1


def test_columns_and_choices_are_remembered(account: Connection, manager: User) -> None:
    client, template = sign_in(manager), ProposalTemplate.objects.order_by("pk")[0]
    content = workbook(["Klant", "Wie"], [Company.objects.order_by("pk")[0].name, "x"])
    page = upload(client, account, content)
    typed = {"column-0": "contact", "column-1": "company", "proposal_template_id": template.pk, "pattern": "Zo"}
    shown = client.post(page.redirect_chain[-1][0], filled(page, **typed), follow=True)
    assert shown.status_code == 200
    again = upload(client, account, content)
    assert fields_of(again) == ["contact", "company"]
    assert again.context["form"]["proposal_template_id"].value() == template.pk
    assert again.context["form"]["pattern"].value() == "Zo"


def test_what_is_wrong_is_said_beside_its_field(account: Connection, manager: User) -> None:
    client = sign_in(manager)
    page = upload(client, account, b"%PDF-1.4", "offertes.pdf")
    assert "can’t read “offertes.pdf” as a table" in page.content.decode()
    assert "This field is required." in client.post(URL, {"account": account.pk}).content.decode()
    page = upload(client, account, workbook(["A", "B"], ["x", "y"]))
    url = page.redirect_chain[-1][0]
    page = client.post(url, filled(page, vat="veel"))
    assert "Choose a column for: Company." in page.content.decode()
    assert set(page.context["form"].errors) == {"vat"}
    page = client.post(url, filled(page, **{"column-0": "company", "vat": "", "pattern": "{weer}"}))
    assert page.context["form"].errors["pattern"] == ["The portal can’t fill in {weer}."]
    page = client.post(url, filled(page, **{"column-0": "company", "vat": "", "pattern": "Zo"}), follow=True)
    assert "No row in the file can be used." in page.content.decode()
    nothing = client.post(page.redirect_chain[-1][0], {"seen": page.context["seen"]}, follow=True)
    assert told(nothing) == [
        "There’s nothing to create, because no row in the file can be used. Correct the file or change the columns."
    ]


def test_whose_upload_it_is_and_who_may(account: Connection, manager: User) -> None:
    content = workbook(["Bedrijf"], [Company.objects.order_by("pk")[0].name])
    seller = sign_in(make_member("Seller", "sem"))
    url = upload(seller, account, content).redirect_chain[-1][0]
    other = sign_in(make_member("Seller", "sara"))
    for address in (url, f"{url}rows/", f"{url}left-out.csv"):
        assert other.get(address).status_code == 403
    assert sign_in(manager).get(url).status_code == 200
    viewer = sign_in(make_member("Viewer", "vera"))
    for address in (URL, f"{URL}example.csv", url):
        assert viewer.get(address).status_code == 403
    assert not Job.objects.exists()


def test_the_example_file_can_be_uploaded(account: Connection, manager: User) -> None:
    client = sign_in(manager)
    content = b"".join(client.get(f"{URL}example.csv"))
    page = upload(client, account, content, "proposals.csv")
    assert all(fields_of(page))
