"""The pages of an import: what they refuse, whom they let in, what they start."""

import csv
import io
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from contacts.models import Company
from offorte_portal.connections.models import Connection
from offorte_portal.files.imports import quota
from offorte_portal.files.imports.table import MOST_BYTES
from offorte_portal.files.models import ColumnMapping, Upload, UploadedFile, UploadRow
from offorte_portal.jobs.models import Job
from tests.files.imports.files import as_csv
from tests.files.imports.storing import work_at_once
from tests.jobs.conftest import make_seller
from tests.support.factories import (
    make_company,
    make_connection,
    make_directory,
    make_person,
    make_product,
    make_staff,
    make_vat_group,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _worker(monkeypatch: pytest.MonkeyPatch) -> None:
    work_at_once(monkeypatch)


ROWS = [["Naam", "Plaats", "E-mail"], ["Nieuw BV", "Breda", ""], ["Bekend BV", "Ede", ""], ["Fout", "", "geen adres"]]


@pytest.fixture
def connection() -> Connection:
    made = make_connection("bouw")
    make_company(made, name="Bekend BV", city="Breda")
    return made


@pytest.fixture
def boss() -> User:
    return make_staff("boss")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, connection: Connection, rows: Any = ROWS, kind: str = "companies") -> Any:
    file = as_csv(rows) if isinstance(rows, list) else io.BytesIO(rows)
    file.name = "klanten.csv"
    return client.post(reverse("upload_new", args=[kind]), {"account": connection.pk, "file": file})


def choose(client: Client, upload: Upload, *fields: str) -> Any:
    data = {f"column-{index}": name for index, name in enumerate(fields)}
    return client.post(reverse("upload_columns", args=[upload.pk]), data)


def confirm(client: Client, upload: Upload, seen: str = "") -> Any:
    seen = seen or (upload.examined_at.isoformat() if upload.examined_at else "")
    return client.post(reverse("upload_review", args=[upload.pk]), {"confirm": "1", "seen": seen})


def test_from_file_to_job(connection: Connection, boss: User) -> None:
    client = signed_in(boss)
    assert reverse("upload_new", args=["companies"]) in client.get(reverse("admin:contacts_company_changelist")).text
    answer = send(client, connection)
    upload = Upload.objects.get()
    assert answer.url == reverse("upload_columns", args=[upload.pk])
    page = client.get(answer.url).text
    assert "Nieuw BV" in page
    answer = choose(client, upload, "name", "city", "email")
    review = reverse("upload_review", args=[upload.pk])
    assert answer.url == review
    assert ColumnMapping.objects.get().mapping == {"name": "Naam", "city": "Plaats", "email": "E-mail"}
    assert "Nieuw BV" in client.get(review).text
    assert "Breda" in client.get(review, {"show": "change"}).text
    assert "geen adres" in client.get(review, {"show": "problem"}).text
    assert not Job.objects.exists()
    upload.refresh_from_db()
    answer = confirm(client, upload)
    job = Job.objects.get()
    assert answer.url == reverse("admin:jobs_job_change", args=[job.pk])
    assert job.size == 2
    # A double click, or the page from before: the same job.
    assert confirm(client, upload, seen="old").url == answer.url
    assert Job.objects.count() == 1
    assert "klanten.csv" in client.get(answer.url).text
    # What was started is not looked at anew.
    assert choose(client, upload, "name", "", "").url == review
    client.post(review, {"rematch": "1", "known": "create"})
    assert upload.rows.filter(outcome="change").count() == 1


def test_what_was_not_seen_is_not_started(connection: Connection, boss: User) -> None:
    client = signed_in(boss)
    send(client, connection)
    upload = Upload.objects.get()
    choose(client, upload, "name", "city", "")
    upload.refresh_from_db()
    seen = upload.examined_at.isoformat() if upload.examined_at else ""
    client.post(reverse("upload_review", args=[upload.pk]), {"rematch": "1", "known": "create"})
    assert set(upload.rows.values_list("outcome", flat=True)) == {UploadRow.Outcome.NEW}
    confirm(client, upload, seen=seen)
    assert not Job.objects.exists()


def test_bad_files_are_told_beside_the_field(connection: Connection, boss: User) -> None:
    client = signed_in(boss)
    many = b"Naam,Plaats\n" + b"A,B\n" * 50_000
    told = client.get(send(client, connection, many).url).text
    assert "has 50,000 rows. You can import up to 10,000 at a time, so split the file." in told
    assert "klanten.csv" in told
    assert "can’t read this as a table" in client.get(send(client, connection, b"\x89PNG\r\n\x1a\n\0\0").url).text
    assert not UploadedFile.objects.exists()
    assert not UploadRow.objects.exists()
    refused = Upload.objects.latest("pk")
    assert client.get(reverse("upload_columns", args=[refused.pk]))["Location"].endswith(f"?refused={refused.pk}")
    other = signed_in(make_staff("other"))
    assert (
        "can’t read this as a table"
        not in other.get(reverse("upload_new", args=["companies"]), {"refused": refused.pk}).text
    )
    Upload.objects.all().delete()
    assert "larger than" in send(client, connection, b"x" * (2 * MOST_BYTES)).text
    assert "This field is required" in client.post(reverse("upload_new", args=["companies"])).text
    assert not Upload.objects.exists()


def test_columns_are_checked(connection: Connection, boss: User) -> None:
    client = signed_in(boss)
    send(client, connection)
    upload = Upload.objects.get()
    assert "Choose a column for: Name." in choose(client, upload, "", "city", "email").text
    assert "already chosen for" in choose(client, upload, "name", "name", "").text
    assert "Select a valid choice" in choose(client, upload, "nonsense", "", "").text
    upload.refresh_from_db()
    assert upload.examined_at is None
    assert client.get(reverse("upload_review", args=[upload.pk])).status_code == 302


def test_problems_are_downloaded_corrected_and_uploaded_again(connection: Connection, boss: User) -> None:
    client = signed_in(boss)
    send(client, connection, [*ROWS, ["+31 BV", "", "geen adres"]])
    upload = Upload.objects.get()
    choose(client, upload, "name", "city", "email")
    answer = client.get(reverse("upload_problems", args=[upload.pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[0] == ["Naam", "Plaats", "E-mail", "Row in the file", "Reason"]
    assert lines[1] == ["Fout", "", "geen adres", "4", "E-mail: “geen adres” isn’t an e-mail address."]
    assert lines[2][0] == "'+31 BV"
    lines[1][2], lines[2][2] = "goed@fout.example", ""
    send(client, connection, lines)
    again = Upload.objects.first()
    assert again is not None
    choose(client, again, "name", "city", "email", "", "")
    assert list(again.rows.values_list("outcome", "label")) == [("new", "Fout"), ("new", "+31 BV")]


def test_who_may(connection: Connection) -> None:
    seller, other = make_seller("add_company", "view_company"), make_seller("add_company", "view_company")
    client = signed_in(seller)
    send(client, connection)
    upload = Upload.objects.get()
    choose(client, upload, "name", "city", "")
    review = reverse("upload_review", args=[upload.pk])
    page = client.get(review).text
    # Without the right to change companies, a file doesn't either.
    assert "Update it with the file’s values" not in page
    assert upload.rows.filter(outcome="change").count() == 0
    for name in ("upload_review", "upload_columns", "upload_problems"):
        assert signed_in(other).get(reverse(name, args=[upload.pk])).status_code == 404
        assert signed_in(make_seller("view_company")).get(reverse(name, args=[upload.pk])).status_code == 403
    assert signed_in(other).post(review, {"confirm": "1"}).status_code == 404
    assert signed_in(make_staff()).get(review).status_code == 200
    assert signed_in(seller).get(reverse("upload_new", args=["products"])).status_code == 403
    assert signed_in(make_staff()).get(reverse("upload_new", args=["nothing"])).status_code == 404
    assert "Import" not in signed_in(make_seller("view_company")).get(reverse("admin:contacts_company_changelist")).text
    assert Company.objects.count() == 1


@pytest.mark.parametrize("kind", ["companies", "people", "products"])
def test_the_example_can_be_uploaded(connection: Connection, boss: User, kind: str) -> None:
    client = signed_in(boss)
    answer = client.get(reverse("upload_example", args=[kind]))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    send(client, connection, content, kind)
    upload = Upload.objects.get()
    assert len(upload.mapping) == len(upload.header)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("companies", "contacts_company"), ("people", "contacts_person"), ("products", "catalog_product")],
)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_an_export_comes_back_the_same(connection: Connection, boss: User, kind: str, name: str, language: str) -> None:
    company = make_company(connection, name="+31 Bouw", coc_number="01234567", phone="+31 76 123", zipcode="4800 AA")
    make_person(connection, company=company, company_remote_id=company.remote_id, mobile="+31 6")
    directory, group = make_directory(connection), make_vat_group(connection)
    placed = {"directory": directory, "directory_remote_id": directory.remote_id}
    make_product(connection, sku="L-1", price="1234.50", vat_group=group, vat_remote_id=group.remote_id, **placed)
    client = signed_in(boss)
    client.cookies["django_language"] = language
    answer = client.post(reverse(f"admin:{name}_changelist"), {"export": "csv:all"})
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    send(client, connection, content, kind)
    upload = Upload.objects.get()
    choose(
        client, upload, *({column: name for name, column in upload.mapping.items()}.get(c, "") for c in upload.header)
    )
    rows = list(upload.rows.values_list("outcome", "problem", "changes"))
    assert rows
    assert {outcome for outcome, _problem, _changes in rows} == {"same"}, (upload.header, upload.mapping, rows)


@pytest.mark.parametrize("limit", [{"MOST_FILES": 2}, {"MOST_BYTES": 500}])
def test_one_person_can_not_fill_the_disk(
    connection: Connection, boss: User, monkeypatch: pytest.MonkeyPatch, limit: dict[str, int]
) -> None:
    for name, value in limit.items():
        monkeypatch.setattr(quota, name, value)
    client = signed_in(boss)
    for _ in range(9):
        page = send(client, connection)
        if page.context and "form" in page.context and page.context["form"].errors:
            break
    stored = Upload.objects.count()
    assert stored in range(1, 9)
    [error] = page.context["form"].errors["file"]
    assert f"You have {stored} files stored" in error
    assert "when the oldest one is removed" in error
    other = make_staff("other")
    send(signed_in(other), connection)
    assert Upload.objects.filter(by=other).count() == 1
    # Deleted, there is room again.
    mine = Upload.objects.filter(by=boss).first()
    assert mine
    assert signed_in(other).post(reverse("upload_delete", args=[mine.pk])).status_code == 404
    assert client.get(reverse("upload_delete", args=[mine.pk])).status_code == 405
    page = client.post(reverse("upload_delete", args=[mine.pk]), follow=True)
    assert "was deleted" in page.content.decode()
    send(client, connection)
    assert Upload.objects.filter(by=boss).count() == stored


def test_a_file_that_is_being_imported_is_not_deleted(connection: Connection, boss: User) -> None:
    client = signed_in(boss)
    send(client, connection)
    upload = Upload.objects.get()
    upload.job = Job.objects.create(action="import", requested_by=boss, state=Job.State.RUNNING, key=uuid.uuid4())
    upload.save()
    page = client.post(reverse("upload_delete", args=[upload.pk]), follow=True)
    assert "is being imported" in page.content.decode()
    assert Upload.objects.exists()


@pytest.mark.parametrize(
    ("kind", "has_cards"), [("companies", True), ("people", True), ("products", False), ("statuses", False)]
)
def test_only_companies_and_people_can_be_read_from_contact_cards(
    connection: Connection, boss: User, kind: str, has_cards: bool
) -> None:
    page = signed_in(boss).get(reverse("upload_new", args=[kind])).content.decode()
    assert "CSV" in page
    assert (".vcf)" in page) is has_cards
    assert (",.vcf" in page) is has_cards
