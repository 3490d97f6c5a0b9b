"""What the worker does with a file: it is waited for, goes on after a kill, and is refused in words."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from offorte_portal.connections.models import Connection
from offorte_portal.files.imports import examining, storing, work
from offorte_portal.files.models import Upload, UploadedFile
from offorte_portal.ports import queueing
from offorte_portal.runs.reasons import put_into_words
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
    held = work.claim(upload.pk)
    assert held
    assert "Reading the file" in client.get(page).text
    held.release()
    work.advance(upload.pk)
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
    work.advance(upload.pk)
    upload.refresh_from_db()
    work.ask_to_examine(upload)
    page = reverse("upload_progress", args=[upload.pk])
    seen: list[str] = []
    real = examining.keep_verdicts

    def watch(rows: Any) -> None:
        real(rows)
        seen.append(client.get(page).text)

    monkeypatch.setattr(examining, "keep_verdicts", watch)
    work.advance(upload.pk)
    assert ["Checked 0 of 1,200" in seen[0], "Checked 1,000 of 1,200" in seen[1]] == [True, True]
    upload.refresh_from_db()
    assert upload.examined_at
    assert client.get(page)["Location"] == reverse("upload_review", args=[upload.pk])
    assert upload.rows.exclude(outcome="new").count() == 0


@pytest.mark.parametrize("stage", ["read", "examine"])
def test_a_killed_workers_file_is_done_again_and_no_row_twice(
    stage: str, connection: Connection, boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = keep(connection, boss)
    if stage == "examine":
        work.advance(upload.pk)
        upload.refresh_from_db()
        work.ask_to_examine(upload)
    monkeypatch.setattr(work, "finish", lambda *args, **fields: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        work.advance(upload.pk)
    monkeypatch.undo()
    queued: list[int] = []
    monkeypatch.setattr(queueing, "queue", lambda task, pk, **options: queued.append(pk))
    work.resume_stranded()
    assert queued == []
    Upload.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    work.resume_stranded()
    assert queued == [upload.pk]
    work.advance(upload.pk)
    upload.refresh_from_db()
    assert (upload.work, upload.refusal, upload.rows.count()) == ("", None, 1200)
    assert bool(upload.examined_at) == (stage == "examine")


def test_a_file_that_kills_the_worker_is_refused_at_last(connection: Connection, boss: User) -> None:
    upload = keep(connection, boss)
    for _ in range(3):
        assert work.claim(upload.pk)
        Upload.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    work.advance(upload.pk)
    upload.refresh_from_db()
    assert "couldn’t read the file" in put_into_words(upload.refusal)
    assert not UploadedFile.objects.exists()


def test_an_older_look_ends_when_a_newer_one_was_asked_for(
    connection: Connection, boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = keep(connection, boss)
    work.advance(upload.pk)
    upload.refresh_from_db()
    work.ask_to_examine(upload)
    real = examining.keep_verdicts

    def ask_again(rows: Any) -> None:
        monkeypatch.setattr(examining, "keep_verdicts", real)
        work.ask_to_examine(Upload.objects.get(pk=upload.pk))

    monkeypatch.setattr(examining, "keep_verdicts", ask_again)
    work.advance(upload.pk)
    upload.refresh_from_db()
    assert (upload.work, upload.examined_at) == ("examine", None)
    work.advance(upload.pk)
    upload.refresh_from_db()
    assert upload.examined_at


def test_a_refusal_is_in_the_language_of_who_reads_it(connection: Connection, boss: User) -> None:
    upload = keep(connection, boss, b"Naam\n")
    work.advance(upload.pk)
    upload.refresh_from_db()
    assert "column names" in put_into_words(upload.refusal)
    with translation.override("nl"):
        assert "kolomnamen" in put_into_words(upload.refusal)
