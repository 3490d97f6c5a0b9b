"""Which rows of a file become proposals is decided on the page of the rows: by ticks, and a button for hidden rows."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from contacts.models import Company
from offorte_portal.connections.models import Connection
from offorte_portal.files.models import Upload
from offorte_portal.jobs.models import Job
from tests.compose.composing import told
from tests.files.imports.storing import work_at_once
from tests.support.bulk import make_member, sign_in
from tests.support.forms import Mirror

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _worker(monkeypatch: pytest.MonkeyPatch) -> None:
    work_at_once(monkeypatch)


@pytest.fixture
def account(mirror: Mirror) -> Connection:
    return mirror()


@pytest.fixture
def client() -> Client:
    return sign_in(make_member("Manager", "mia"))


def examined(client: Client, account: Connection, hidden_row: int = 0) -> Upload:
    """A file of a proposal of two rows and one of a single row, with the columns as guessed; one row may be hidden."""
    first, second = (company.name for company in Company.objects.order_by("pk")[:2])
    rows: list[list[Any]] = [["Bedrijf", "Groep", "Omschrijving", "Prijs"]]
    rows += [[first, "1", "Dak", 10], [first, "1", "Goot", 5], [second, "2", "Raam", 7]]
    book, file = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    if hidden_row:
        book.active.row_dimensions[hidden_row].hidden = True
    book.save(file)
    sent = SimpleUploadedFile("offertes.xlsx", file.getvalue())
    page = client.post("/compose/many/", {"account": account.pk, "file": sent}, follow=True)
    bound = [*page.context["columns"], *page.context["form"]]
    values: dict[str, Any] = {field.html_name: field.value() for field in bound}
    typed = {name: value for name, value in values.items() if value not in (None, False)}
    client.post(page.redirect_chain[-1][0], typed | {"pattern": "Voor {company}", "table": "pricetable1", "vat": "21%"})
    return Upload.objects.get()


def rows_page(client: Client, upload: Upload, **query: str) -> Any:
    return client.get(reverse("compose_many_rows", args=[upload.pk]), query)


def outcomes(upload: Upload) -> list[str]:
    return list(upload.rows.values_list("outcome", flat=True))


def test_a_row_without_a_tick_is_checked_before_anything_is_created(client: Client, account: Connection) -> None:
    upload = examined(client, account)
    page, url = rows_page(client, upload), reverse("compose_many_rows", args=[upload.pk])
    assert page.context["made"] == 2
    assert page.text.count("checked aria-label") == 3
    first, second, third = upload.rows.all()
    shown = {"shown": [first.pk, second.pk, third.pk], "row": [first.pk, third.pk]}
    answer = client.post(url, {"seen": page.context["seen"], **shown}, follow=True)
    assert told(answer) == ["You changed which rows take part. Review the result, then create the proposals."]
    assert outcomes(upload) == ["new", "left_out", "new"]
    assert not Job.objects.exists()
    # The proposal has lost the row.
    content = upload.rows.get(pk=first.pk).draft["request"]["content"]
    assert "Dak" in str(content)
    assert "Goot" not in str(content)
    client.post(url, {"seen": answer.context["seen"], "shown": [first.pk, third.pk], "row": [first.pk, third.pk]})
    assert Job.objects.get().size == 2
    # Once it has started, ticks change nothing.
    client.post(reverse("compose_many_ticks", args=[upload.pk]), {"shown": first.pk})
    assert upload.rows.get(pk=first.pk).is_ticked


def test_a_tick_is_stored_at_once_and_asks_for_a_check(client: Client, account: Connection) -> None:
    upload = examined(client, account)
    row, ticks = upload.rows.get(number=4), reverse("compose_many_ticks", args=[upload.pk])
    assert client.get(ticks).status_code == 405
    part = client.post(ticks, {"shown": row.pk}, headers={"HX-Request": "true"}).text
    assert "Check changed rows" in part
    assert "Create" not in part
    assert "Check changed rows" in rows_page(client, upload).text
    part = client.post(ticks, {"shown": row.pk, "row": row.pk}, headers={"HX-Request": "true"}).text
    assert "Create 2 proposals" in part
    assert client.post(ticks, {"shown": row.pk})["Location"].endswith(f"/{upload.pk}/rows/")
    assert not upload.rows.get(number=4).is_ticked
    other = sign_in(make_member("Seller", "sara"))
    assert other.post(ticks, {"shown": row.pk, "row": row.pk}).status_code == 403
    assert not upload.rows.get(number=4).is_ticked


def test_one_button_includes_what_is_hidden(client: Client, account: Connection) -> None:
    upload = examined(client, account, hidden_row=4)
    assert outcomes(upload) == ["new", "new", "left_out"]
    page, url = rows_page(client, upload, outcome="left_out").text, reverse("compose_many_rows", args=[upload.pk])
    assert "This row is hidden in the file." in page
    assert "Include rows and columns" in page
    page = client.post(url, {"hidden": "1"}, follow=True).text
    assert outcomes(upload) == ["new"] * 3
    assert "Leave out rows and columns" in page
    client.post(url, {"hidden": ""})
    assert outcomes(upload) == ["new", "new", "left_out"]


def test_without_hidden_rows_there_is_no_such_button(client: Client, account: Connection) -> None:
    assert "rows and columns" not in rows_page(client, examined(client, account)).text
