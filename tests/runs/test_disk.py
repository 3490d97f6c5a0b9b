"""A disk that is almost full: said to who can see to it, and no files are taken."""

import shutil
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client

from offorte_portal.files.models import Export, Upload
from offorte_portal.runs import disk
from tests.files.pages.test_imports import send
from tests.support.factories import make_connection, make_staff

pytestmark = pytest.mark.django_db
Leave = Callable[[int], None]


@pytest.fixture
def leave(monkeypatch: pytest.MonkeyPatch) -> Leave:
    """So many megabytes are left."""

    def set_free(megabytes: int) -> None:
        usage = shutil._ntuple_diskusage(10**12, 0, megabytes * disk.MEGABYTE)
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)

    return set_free


def page_of(client: Client, user: Any) -> str:
    client.force_login(user)
    return client.get("/").content.decode()


def test_administrators_see_it_on_every_page_and_others_do_not(client: Client, leave: Leave) -> None:
    leave(499)
    boss, other = make_staff("boss"), make_staff("other", is_superuser=False)
    assert "The disk is almost full: 499 MB left" in page_of(client, boss)
    assert "disk" not in page_of(client, other)
    leave(500)
    assert "disk" not in page_of(client, boss)


@pytest.mark.parametrize(
    ("megabytes", "said", "room"), [(500, "ok", True), (499, "almost full", True), (49, "failing", False)]
)
def test_monitoring_is_told(client: Client, leave: Leave, megabytes: int, said: str, *, room: bool) -> None:
    leave(megabytes)
    assert client.get("/readyz").json()["disk"] == said
    assert disk.has_room() == room


def test_files_are_refused_in_words(client: Client, leave: Leave) -> None:
    leave(100)
    client.force_login(make_staff())
    page = send(client, make_connection("bouw"))
    assert "almost full" in str(page.context["form"].errors["file"])
    assert not Upload.objects.exists()
    answer = client.post("/contacts/company/?o=1", {"export": "csv:all"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/contacts/company/?o=1"
    assert "Ask an administrator to free up space" in answer.content.decode()
    assert not Export.objects.exists()


def test_only_disks_that_are_here_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    usage = shutil._ntuple_diskusage(10**12, 0, 10**12)

    def look(path: str) -> Any:
        looked.append(path)
        return usage

    monkeypatch.setattr(shutil, "disk_usage", look)
    assert disk.measure()
    assert len(looked) == (2 if database.vendor == "sqlite" else 1)


def test_a_disk_that_can_not_be_seen_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: str) -> None:
        raise OSError

    monkeypatch.setattr(shutil, "disk_usage", fail)
    assert disk.measure() is None
    assert (disk.has_room(), disk.refusal(), disk.describe()) == (True, None, {})
