"""Which rows are imported is decided on the review page: by ticks, and by one switch for what is hidden in the file."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from offorte_portal.connections.models import Connection
from offorte_portal.files.models import Upload, UploadRow
from offorte_portal.jobs.models import Job
from tests.files.imports.files import as_csv, as_workbook
from tests.files.imports.storing import work_at_once
from tests.jobs.conftest import make_seller
from tests.support.factories import make_company, make_connection, make_staff

pytestmark = pytest.mark.django_db

FILTERED = Path(__file__).parent.parent / "samples" / "field" / "companies-filtered.xlsx"
ROWS = [["Naam", "Klantcode"], ["Een", "1"], ["Een", "2"], ["Twee", "3"], ["Totaal: 3", ""]]


@pytest.fixture(autouse=True)
def _worker(monkeypatch: pytest.MonkeyPatch) -> None:
    work_at_once(monkeypatch)


@pytest.fixture
def connection() -> Connection:
    return make_connection("bouw")


@pytest.fixture
def boss() -> User:
    return make_staff("boss")


@pytest.fixture
def client(boss: User) -> Client:
    client = Client()
    client.force_login(boss)
    return client


def uploaded(client: Client, connection: Connection, content: bytes, name: str = "klanten.csv") -> Upload:
    """A file with the columns as they are guessed, examined."""
    file = io.BytesIO(content)
    file.name = name
    client.post(reverse("upload_new", args=["companies"]), {"account": connection.pk, "file": file})
    upload = Upload.objects.latest("pk")
    chosen = {column: key.partition(".")[0] for key, column in upload.mapping.items()}
    fields = {f"column-{index}": chosen.get(column, "") for index, column in enumerate(upload.header)}
    client.post(reverse("upload_columns", args=[upload.pk]), fields)
    upload.refresh_from_db()
    return upload


def outcomes(upload: Upload) -> list[str]:
    return list(upload.rows.values_list("outcome", flat=True))


def post(client: Client, upload: Upload, **data: Any) -> Any:
    upload.refresh_from_db()
    seen = upload.examined_at.isoformat() if upload.examined_at else ""
    answer = client.post(reverse("upload_review", args=[upload.pk]), {"seen": seen, **data})
    upload.refresh_from_db()
    return answer


def test_rows_without_a_tick_are_not_imported(client: Client, connection: Connection) -> None:
    upload = uploaded(client, connection, as_csv(ROWS).getvalue())
    assert outcomes(upload) == ["new", "problem", "new", "left_out"]
    first, second, third, _total = upload.rows.all()
    post(client, upload, confirm="1", shown=[first.pk, third.pk], row=[third.pk])
    job = Job.objects.get()
    assert job.size == 1
    # Once it has started, ticks change nothing.
    post(client, upload, confirm="1", shown=[first.pk, second.pk], row=[first.pk, second.pk])
    assert list(upload.rows.values_list("is_ticked", flat=True)) == [False, True, True, False]


def test_a_row_that_another_repeats_can_be_left_out(client: Client, connection: Connection) -> None:
    upload = uploaded(client, connection, as_csv(ROWS).getvalue())
    first = upload.rows.get(number=2)
    post(client, upload, rematch="1", known="update", shown=[first.pk])
    assert outcomes(upload) == ["left_out", "new", "new", "left_out"]
    # A tick on the tab of what is left out: the row is checked before anything is imported.
    post(client, upload, confirm="1", shown=[first.pk], row=[first.pk])
    assert outcomes(upload) == ["new", "problem", "new", "left_out"]
    assert not Job.objects.exists()


def test_a_tick_is_kept_at_once(client: Client, connection: Connection) -> None:
    upload = uploaded(client, connection, as_csv(ROWS).getvalue())
    row = upload.rows.get(number=2)
    ticks = reverse("upload_ticks", args=[upload.pk])
    assert client.get(ticks).status_code == 405
    assert "Import 1 row" in client.post(ticks, {"shown": row.pk}, headers={"HX-Request": "true"}).text
    page = client.get(reverse("upload_review", args=[upload.pk]))
    assert page.text.count("checked aria-label") == 1
    answer = client.post(ticks, {"shown": [row.pk, "x", "9" * 30], "row": row.pk})
    assert answer["Location"].endswith(f"/{upload.pk}/")
    assert upload.rows.get(number=2).is_ticked
    other = Client()
    other.force_login(make_seller("add_company", "view_company"))
    assert other.post(ticks, {"shown": row.pk}).status_code == 404
    # Rows of other uploads are not touched.
    foreign = uploaded(client, connection, as_csv(ROWS).getvalue()).rows.get(number=2)
    client.post(ticks, {"shown": foreign.pk})
    assert UploadRow.objects.get(pk=foreign.pk).is_ticked


def test_one_switch_takes_what_is_hidden(client: Client, connection: Connection) -> None:
    upload = uploaded(client, connection, FILTERED.read_bytes(), "klanten.xlsx")
    assert outcomes(upload).count("left_out") == 3
    page = client.get(reverse("upload_review", args=[upload.pk]), {"show": "left_out"}).text
    assert "Filter 1 BV" in page
    assert "This row is hidden in the file." in page
    post(client, upload, rematch="1", known="update", hidden="on")
    assert outcomes(upload) == ["new"] * 6
    post(client, upload, rematch="1", known="update")
    assert outcomes(upload).count("left_out") == 3


def test_hidden_columns_come_with_the_switch(client: Client, connection: Connection) -> None:
    book = as_workbook([["Naam", "Plaats", "Telefoon"], ["Zon", "Breda", "076-1234567"]], hidden="B")
    upload = uploaded(client, connection, book.getvalue(), "klanten.xlsx")
    assert upload.rows.get().draft == {"name": "Zon", "phone": "076-1234567"}
    assert "Left out: Hidden in the file" in client.get(reverse("upload_review", args=[upload.pk])).text
    post(client, upload, rematch="1", known="update", hidden="on")
    assert upload.rows.get().draft == {"name": "Zon", "phone": "076-1234567", "city": "Breda"}
    post(client, upload, rematch="1", known="update")
    assert "city" not in upload.rows.get().draft


def test_each_column_is_used_or_said_to_be_left_out(client: Client, connection: Connection) -> None:
    rows = [["ID", "Naam", "Bedrijf", "Adres", "Klantcode", "Fax"], ["7", "Zon", "Zon BV", "Dijk 1", "x", ""]]
    upload = uploaded(client, connection, as_csv(rows).getvalue())
    for name in ("upload_review", "upload_columns"):
        page = client.get(reverse(name, args=[upload.pk])).text
        for why in ("These aren’t Offorte’s IDs", "comes from “Naam”", "recognise a field in Offorte"):
            assert why in page
    assert upload.mapping == {"name": "Naam", "street": "Adres", "fax": "Fax"}


def test_ids_that_are_all_of_offorte_are_taken(client: Client, connection: Connection) -> None:
    company = make_company(connection, name="Zon")
    rows = [["ID", "Naam"], [str(company.remote_id), "Zonnedak"]]
    assert uploaded(client, connection, as_csv(rows).getvalue()).mapping == {"id": "ID", "name": "Naam"}


def test_switches_keep_what_was_chosen(client: Client, connection: Connection) -> None:
    make_company(connection, name="Zon", city="Breda Noord")
    rows = [["Naam", "Plaats", "KvK"], ["Zon", "Breda", "1234567"]]
    upload = uploaded(client, connection, as_csv(rows).getvalue())
    assert upload.rows.get().draft == {"coc_number": "01234567"}
    post(client, upload, rematch="1", known="update", shorter="on")
    assert upload.rows.get().draft == {"city": "Breda", "coc_number": "1234567"}
    form = client.get(reverse("upload_review", args=[upload.pk])).context["form"]
    assert (form["zeros"].value(), form["shorter"].value(), "hidden" in form.fields) == (False, True, False)
