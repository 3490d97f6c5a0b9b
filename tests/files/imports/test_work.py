"""What the worker does with a file: it is waited for, goes on after a kill, and is refused in words."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from offorte_portal import tasks
from offorte_portal.files.imports import examining, storing, work
from offorte_portal.models import Connection, Upload, UploadedFile
from tests.files.imports.files import as_csv

pytestmark = pytest.mark.django_db
ROWS = [["Naam", "Plaats"], *([f"Bedrijf {number}", "Ede"] for number in range(1200))]


def keep(connection: Connection, boss: User, rows: Any = ROWS) -> Upload:
    file = as_csv(rows) if isinstance(rows, list) else io.BytesIO(rows)
    return storing.keep(
        file, "klanten.csv", kind="companies", connection=connection, by=boss, options={"matches": "skip"}
    )


def test_a_page_waits_until_the_file_is_read(connection: Connection, boss: User) -> None:
    client, upload = Client(), keep(connection, boss)
    client.force_login(boss)
    page = reverse("upload_progress", args=[upload.pk])
    assert client.get(reverse("upload_columns", args=[upload.pk]))["Location"] == page
    assert "Waiting for its turn" in client.get(page).text
    part = client.get(page, headers={"hx-request": "true"}).text
    assert 'id="upload-progress"' in part
    assert "<html" not in part
    lease = work.claim(upload.pk)
    assert "Reading the file" in client.get(page).text
    Upload.objects.filter(lease=lease).update(lease="")
    tasks.work_on_upload(upload.pk)
    columns = reverse("upload_columns", args=[upload.pk])
    assert client.get(page)["Location"] == columns
    assert client.get(page, headers={"hx-request": "true"})["HX-Redirect"] == columns
    assert upload.rows.count() == 1200
    assert not UploadedFile.objects.exists()


def test_looking_at_the_rows_tells_how_far_it_is(
    connection: Connection, boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, upload = Client(), keep(connection, boss)
    client.force_login(boss)
    tasks.work_on_upload(upload.pk)
    upload.refresh_from_db()
    work.ask_to_examine(upload)
    page = reverse("upload_progress", args=[upload.pk])
    seen: list[str] = []
    real = examining.keep_verdicts

    def watch(rows: Any) -> None:
        real(rows)
        seen.append(client.get(page).text)

    monkeypatch.setattr(examining, "keep_verdicts", watch)
    tasks.work_on_upload(upload.pk)
    assert ["Checked 0 of 1,200" in seen[0], "Checked 1,000 of 1,200" in seen[1]] == [True, True]
    upload.refresh_from_db()
    assert upload.examined_at
    assert client.get(page)["Location"] == reverse("upload_review", args=[upload.pk])
    assert upload.rows.exclude(outcome="new").count() == 0


@pytest.mark.parametrize("stage", ["read", "examine"])
def test_what_a_killed_worker_left_is_done_once_more_and_no_row_twice(
    stage: str, connection: Connection, boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = keep(connection, boss)
    if stage == "examine":
        tasks.work_on_upload(upload.pk)
        upload.refresh_from_db()
        work.ask_to_examine(upload)
    monkeypatch.setattr(work, "finish", lambda *args, **fields: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        tasks.work_on_upload(upload.pk)
    monkeypatch.undo()
    queued: list[int] = []
    monkeypatch.setattr(work, "queue", lambda task, pk, **options: queued.append(pk))
    work.resume_stranded()
    assert queued == []
    Upload.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    work.resume_stranded()
    assert queued == [upload.pk]
    tasks.work_on_upload(upload.pk)
    upload.refresh_from_db()
    assert (upload.work, upload.refusal, upload.rows.count()) == ("", "", 1200)
    assert bool(upload.examined_at) == (stage == "examine")


def test_a_file_that_kills_the_worker_is_refused_after_three_tries(connection: Connection, boss: User) -> None:
    upload = keep(connection, boss)
    for _ in range(3):
        assert work.claim(upload.pk)
        Upload.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    tasks.work_on_upload(upload.pk)
    upload.refresh_from_db()
    assert "could not be read" in upload.refusal
    assert not UploadedFile.objects.exists()


def test_an_older_look_ends_when_a_newer_one_was_asked_for(
    connection: Connection, boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = keep(connection, boss)
    tasks.work_on_upload(upload.pk)
    upload.refresh_from_db()
    work.ask_to_examine(upload)
    real = examining.keep_verdicts

    def ask_again(rows: Any) -> None:
        monkeypatch.setattr(examining, "keep_verdicts", real)
        work.ask_to_examine(Upload.objects.get(pk=upload.pk))

    monkeypatch.setattr(examining, "keep_verdicts", ask_again)
    tasks.work_on_upload(upload.pk)
    upload.refresh_from_db()
    assert (upload.work, upload.examined_at) == ("examine", None)
    tasks.work_on_upload(upload.pk)
    upload.refresh_from_db()
    assert upload.examined_at


def test_a_refusal_is_in_the_language_of_who_uploaded_it(connection: Connection, boss: User) -> None:
    with translation.override("nl"):
        upload = keep(connection, boss, b"Naam\n")
    tasks.work_on_upload(upload.pk)
    upload.refresh_from_db()
    assert "kolommen" in upload.refusal
