"""The one page for background work, and its badge, for people who look after no account."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import caches
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from offorte_portal.adminkit.background import count_pressing
from offorte_portal.adminkit.navigation import Link, build_navigation
from offorte_portal.connections.models import Connection
from offorte_portal.files.models import Export
from offorte_portal.jobs.models import Job
from offorte_portal.sync.models import SyncRun
from offorte_portal.writes.models import Operation
from tests.support.factories import make_connection, make_staff

pytestmark = pytest.mark.django_db
LISTS = {"Bulk jobs", "Change log", "Exports", "Syncs"}


@pytest.fixture
def account() -> Connection:
    return make_connection("bouw")


def member(role: str) -> User:
    user = make_staff(is_superuser=False, first_name=role, username=role.lower())
    user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=user.pk)


def request_of(user: User) -> HttpRequest:
    caches["local"].clear()
    request = RequestFactory().get("/")
    request.user = User.objects.get(pk=user.pk)
    request.session = Client().session
    return request


def links(user: User) -> dict[str, Link]:
    return {str(link.title): link for _, group in build_navigation(request_of(user)) for link in group}


def ask(account: Connection, user: User, state: str, **columns: Any) -> Operation:
    known: dict[str, Any] = {"verb": "update", "target": "companies", "remote_id": 1, "label": "Weg BV"}
    if state not in Operation.PENDING:
        columns.setdefault("finished_at", timezone.now())
    return Operation.objects.create(connection=account, requested_by=user, state=state, **known | columns)


@pytest.mark.parametrize("role", ["Viewer", "Seller"])
def test_a_seller_has_one_entry_for_all_of_it(role: str) -> None:
    found = links(member(role))
    assert "Background tasks" in found
    assert not LISTS & set(found)


@pytest.mark.parametrize("role", ["Manager", "Administrator"])
def test_those_who_look_after_accounts_have_the_lists(role: str) -> None:
    found = links(member(role))
    assert set(found) >= LISTS
    assert "Background tasks" not in found


def test_who_may_see_none_of_it_has_no_entry() -> None:
    assert "Background tasks" not in links(make_staff("pieter", is_superuser=False))


def test_the_palette_leads_to_the_one_page_too(client: Client) -> None:
    client.force_login(member("Seller"))
    assert reverse("background") in client.get("/palette/?q=background").content.decode()
    assert reverse("admin:jobs_job_changelist") not in client.get("/palette/?q=jobs").content.decode()


def test_the_badge_counts_what_runs_failed_or_is_unknown(account: Connection) -> None:
    seller, other = member("Seller"), member("Viewer")
    for state in Operation.State.values:
        ask(account, seller, state)
    ask(account, other, "failed")
    ask(account, seller, "failed", finished_at=timezone.now() - timedelta(days=8))
    # waiting, sending and unknown; failed and rejected
    assert count_pressing(request_of(seller)) == 5
    Job.objects.create(action="proposals.mark_won", requested_by=seller, key="0" * 32, state="running")
    done = Job.objects.create(
        action="proposals.mark_won", requested_by=seller, key="1" * 32, state="done", finished_at=timezone.now()
    )
    assert count_pressing(request_of(seller)) == 6
    ask(account, seller, "rejected", job=done)
    assert count_pressing(request_of(seller)) == 7, "a job counts once, with all of its changes"
    Export.objects.create(sheet="contacts.company", format="csv", requested_by=seller, state="writing")
    assert count_pressing(request_of(seller)) == 8


def test_a_failed_sync_counts_until_a_later_one_runs_well(account: Connection) -> None:
    seller = member("Seller")
    SyncRun.objects.create(connection=account, trigger="schedule", state="failed", finished_at=timezone.now())
    assert count_pressing(request_of(seller)) == 1
    SyncRun.objects.create(connection=account, trigger="schedule", state="done", finished_at=timezone.now())
    assert count_pressing(request_of(seller)) == 0


def test_what_has_failed_is_seen_and_counts_no_longer(client: Client, account: Connection) -> None:
    seller = member("Seller")
    client.force_login(seller)
    ask(account, seller, "failed")
    ask(account, seller, "unknown")
    assert "Mark failures as seen" in client.get("/background/").content.decode()
    assert client.get("/background/seen/").status_code == 405
    assert client.post("/background/seen/").headers["Location"] == "/background/"
    assert count_pressing(request_of(seller)) == 1, "an unknown outcome still needs a decision"
    assert "Mark failures as seen" not in client.get("/background/").content.decode()
    ask(account, seller, "failed")
    assert count_pressing(request_of(seller)) == 2


def test_the_page_shows_ones_own_work_pressing_first(client: Client, account: Connection) -> None:
    seller, other = member("Seller"), member("Viewer")
    ask(account, seller, "failed", label="Mislukt BV")
    for number in range(9):
        ask(account, seller, "done", label=f"Gelukt {number}")
    ask(account, other, "failed", label="Van een ander")
    client.force_login(seller)
    page = client.get("/background/").content.decode()
    assert page.index("Mislukt BV") < page.index("Gelukt 8")
    assert "Gelukt 2" in page
    assert "Gelukt 1" not in page
    assert "Van een ander" not in page
    assert reverse("admin:writes_operation_changelist") in page


def test_without_work_the_page_says_what_comes_here(client: Client) -> None:
    client.force_login(member("Seller"))
    assert "No background tasks yet" in client.get("/background/").content.decode()


def test_only_staff_get_the_page(client: Client) -> None:
    assert client.get("/background/").status_code == 302
    assert client.post("/background/seen/").status_code == 302
