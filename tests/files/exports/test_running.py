"""Long exports: made whole by the worker, once, whatever dies on the way; told of, kept for a week, for one person."""

import csv
import io
import signal
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.utils import timezone
from openpyxl import load_workbook

from contacts import sheets as contacts
from contacts.models import Company
from offorte_portal.activity.models import Notification
from offorte_portal.files.exports import asking, parts, retention, running
from offorte_portal.files.models import Export, ExportKeys, ExportPart
from offorte_portal.files.reasons import ExportReason
from offorte_portal.runs.reasons import put_into_words
from tests.support.bulk import make_member, sign_in
from tests.support.factories import AS_OF, make_connection, make_staff
from tests.support.processes import environment

COMPANIES = contacts.SHEETS[0]


@pytest.fixture
def viewer() -> User:
    return make_member("Viewer", "vera")


def make_companies(count: int) -> list[int]:
    account = make_connection()
    rows = [
        Company(connection=account, remote_id=number, name=f"Bedrijf {number:05}", as_of=AS_OF)
        for number in range(count)
    ]
    return [row.pk for row in Company.objects.bulk_create(rows)]


def ask(by: User, keys: list[int], format: str = "csv") -> Export:
    columns = [column.name for column in COMPANIES.columns]
    return asking.ask(asking.Wish(COMPANIES, format, columns), keys, by)


def read_names(export: Export) -> list[str]:
    rows = list(csv.reader(io.StringIO(b"".join(parts.read_file(export)).decode("utf-8-sig"))))
    return [row[0] for row in rows[1:]]


@pytest.mark.django_db
def test_the_file_holds_every_row_in_the_chosen_order(viewer: User) -> None:
    keys = make_companies(2_500)[::-1]
    export = ask(viewer, keys)
    assert (export.state, export.size) == ("waiting", 2_500)
    running.advance(export.pk)
    export.refresh_from_db()
    assert (export.state, export.written, export.missing, export.lease) == ("done", 2_500, 0, "")
    assert read_names(export) == [f"Bedrijf {number:05}" for number in range(2_499, -1, -1)]
    assert export.bytes == sum(map(len, parts.read_file(export)))
    assert not ExportKeys.objects.exists()
    assert Notification.objects.get().export == export


@pytest.mark.django_db
def test_a_workbook_in_pieces_is_whole(viewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART_BYTES", 1_000)
    export = ask(viewer, make_companies(300), "xlsx")
    running.advance(export.pk)
    assert ExportPart.objects.count() > 3
    book = load_workbook(io.BytesIO(b"".join(parts.read_file(export))))
    assert book.worksheets[0].max_row == 301


@pytest.mark.django_db
def test_rows_that_are_gone_by_then_are_counted(viewer: User) -> None:
    keys = make_companies(5)
    export = ask(viewer, keys)
    Company.objects.filter(pk__in=keys[:2]).delete()
    running.advance(export.pk)
    export.refresh_from_db()
    assert (export.missing, read_names(export)) == (2, ["Bedrijf 00002", "Bedrijf 00003", "Bedrijf 00004"])
    page = sign_in(viewer).get(f"/files/export/{export.pk}/change/").content.decode()
    assert "2 rows are missing" in page


@pytest.mark.django_db
def test_the_database_failing_in_the_middle_leaves_no_half_file(viewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    export = ask(viewer, make_companies(10))
    real = parts.keep_file

    def fail(*_args: Any) -> Any:
        yield from list(real(*_args))
        raise OperationalError("disk full")

    monkeypatch.setattr(parts, "keep_file", fail)
    for _time in range(running.MOST_ATTEMPTS):
        running.advance(export.pk)
        export.refresh_from_db()
        assert not export.has_file
    assert (export.state, export.reason) == ("failed", ExportReason.NOT_WRITTEN())
    monkeypatch.undo()
    client = sign_in(viewer)
    assert client.get(f"/exports/{export.pk}/download/").status_code == 404
    client.post(f"/exports/{export.pk}/retry/")
    running.advance(export.pk)
    export.refresh_from_db()
    assert (export.state, len(read_names(export))) == ("done", 10)


@pytest.mark.django_db
def test_one_file_is_made_at_a_time(viewer: User) -> None:
    first, second = ask(viewer, make_companies(1)), ask(viewer, [])
    lease = running.claim(first.pk)
    assert lease is not None
    assert running.claim(first.pk) is None
    assert running.claim(second.pk) is None
    Export.objects.filter(pk=first.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert running.claim(second.pk) is not None


@pytest.mark.django_db
def test_cancelled_while_it_is_written(viewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    export = ask(viewer, make_companies(3))
    monkeypatch.setattr(running, "_keep", lambda export, held, file: asking.cancel(export) and 0)
    running.advance(export.pk)
    export.refresh_from_db()
    assert (export.state, export.has_file) == ("cancelled", False)
    assert not Notification.objects.exists()


@pytest.mark.django_db
def test_who_lost_the_right_meanwhile_gets_no_file(viewer: User) -> None:
    export, kept = ask(viewer, make_companies(1)), ask(viewer, [])
    running.advance(kept.pk)
    viewer.groups.clear()
    running.advance(export.pk)
    export.refresh_from_db()
    assert export.state == "failed"
    assert "no longer has access" in put_into_words(export.reason)
    assert sign_in(viewer).get(f"/exports/{kept.pk}/download/").status_code == 403


@pytest.mark.django_db
def test_only_who_asked_gets_the_file(viewer: User) -> None:
    export = ask(viewer, make_companies(3))
    running.advance(export.pk)
    path = f"/exports/{export.pk}/download/"
    response: Any = sign_in(viewer).get(path)
    assert len(b"".join(response.streaming_content)) == int(response["Content-Length"])
    for role in ("Viewer", "Manager"):
        other = sign_in(make_member(role, role))
        assert other.get(path).status_code == 403
        assert other.post(f"/exports/{export.pk}/cancel/").status_code == 403
        is_listed = f"/export/{export.pk}/change/" in other.get("/files/export/").content.decode()
        assert is_listed == (role == "Manager")


@pytest.mark.django_db
def test_a_notification_leads_to_the_file(viewer: User) -> None:
    export = ask(viewer, make_companies(3))
    running.advance(export.pk)
    client = sign_in(viewer)
    page = client.get("/activity/notifications/").content.decode()
    assert "The file you asked for is ready" in page
    response = client.post(f"/activity/notifications/{Notification.objects.get().pk}/open/")
    assert response["Location"] == f"/files/export/{export.pk}/change/"
    assert "Download" in client.get(response["Location"]).content.decode()


@pytest.mark.django_db
def test_files_are_kept_for_a_week_and_the_note_of_them_for_good(viewer: User) -> None:
    export = ask(viewer, make_companies(3))
    running.advance(export.pk)
    assert retention.drop_old() == 0
    Export.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert retention.drop_old() == 1
    export.refresh_from_db()
    assert (export.has_file, export.size, ExportPart.objects.count()) == (False, 3, 0)
    client = sign_in(viewer)
    assert client.get(f"/exports/{export.pk}/download/").status_code == 404
    assert "The file is gone" in client.get(f"/files/export/{export.pk}/change/").content.decode()


KILLED = """
import django; django.setup()
import os, signal
from offorte_portal.files.exports import parts, running
def die(export, file):
    yield 1
    os.kill(os.getpid(), signal.SIGKILL)
parts.keep_file = die
running.advance(int(os.environ["EXPORT"]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_s_export_is_made_by_the_next_one() -> None:
    export = ask(make_staff(), make_companies(30))
    settings_of = environment(EXPORT=str(export.pk))
    died = subprocess.run([sys.executable, "-c", KILLED], check=False, env=settings_of, timeout=60)
    assert died.returncode == -signal.SIGKILL
    export.refresh_from_db()
    assert (export.state, export.has_file, export.written) == ("writing", False, 30)
    assert running.claim(export.pk) is None
    Export.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    running.advance(export.pk)
    export.refresh_from_db()
    assert (export.state, export.attempts, len(read_names(export))) == ("done", 2, 30)
