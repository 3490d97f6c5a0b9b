"""A sync's page: where it stands in words, what it did, what it held back, what it found odd."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from offorte_portal.adminkit.words import format_duration
from offorte_portal.connections.models import Connection
from offorte_portal.sync.checkpoint import Checkpoint
from offorte_portal.sync.models import SyncRun, SyncWarning
from offorte_portal.sync.pages.words import (
    collect_figures,
    describe_left,
    describe_page,
    describe_stage,
)
from offorte_portal.text.reason import Reason
from tests.support.factories import make_connection, make_directory, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(make_staff("sanne", first_name="Sanne", last_name="Jansen"))
    return client


def make_run(**columns: Any) -> SyncRun:
    columns = {"trigger": SyncRun.Trigger.SCHEDULE, "state": SyncRun.State.RUNNING, **columns}
    connection = columns.pop("connection", None) or make_connection(label="De Vries")
    return SyncRun.objects.create(connection=connection, **columns)


def at(**place: Any) -> dict[str, Any]:
    return Checkpoint(since="2026-01-01T00:00:00+00:00", as_of="2026-01-01T00:00:00+00:00", **place).dump()


def show(client: Client, run: SyncRun, query: str = "") -> str:
    response = client.get(f"/sync/syncrun/{run.pk}/change/{query}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("place", "stage", "page_words"),
    [
        ({"resource": "companies", "page": 12}, "Reading companies and people", "page 12"),
        ({"resource": "proposals", "bucket": "open", "page": 3}, "Reading proposals (Open)", "page 3"),
        ({"resource": "products", "bucket": "77"}, "Reading products (Hout)", "page 1"),
        ({"resource": "products", "bucket": "78"}, "Reading products (78)", "page 1"),
        ({}, "Reading lists", ""),
        ({"stage": "absences", "resource": "people"}, "Checking which people no longer exist", ""),
        ({"stage": "absences"}, "Checking which records no longer exist", ""),
        ({"stage": "details", "cursor": 5}, "Reading proposal details, newest first", ""),
    ],
)
def test_the_stage_is_told_in_words(place: dict[str, Any], stage: str, page_words: str) -> None:
    run = make_run(checkpoint=at(**place))
    make_directory(run.connection, remote_id=77, name="Hout")
    assert (describe_stage(run), describe_page(run)) == (stage, page_words)


@pytest.mark.parametrize(
    ("columns", "stage"),
    [
        ({}, "Starting"),
        ({"state": SyncRun.State.QUEUED}, "Waiting for the background worker"),
        ({"state": SyncRun.State.WAITING}, "Waiting"),
        ({"state": SyncRun.State.FAILED}, "Failed"),
        ({"is_cancel_requested": True}, "Stops after the current request"),
    ],
)
def test_every_state_is_told_in_words(columns: dict[str, Any], stage: str) -> None:
    assert describe_stage(make_run(**columns)) == stage


def test_a_long_wait_makes_one_ask_for_the_worker() -> None:
    run = make_run(state=SyncRun.State.QUEUED)
    run.created_at = timezone.now() - timedelta(minutes=5)
    assert "check that it’s running" in describe_stage(run)


def test_when_it_tries_again_is_told() -> None:
    run = make_run(state=SyncRun.State.WAITING, retry_at=timezone.now() + timedelta(minutes=5, seconds=5))
    assert describe_stage(run) == "Will retry 5\xa0minutes from now"
    run.retry_at = timezone.now() - timedelta(seconds=5)
    assert describe_stage(run) == "Waiting"


def test_figures_come_in_the_order_of_reading() -> None:
    progress = {
        "details": {"items": 3, "requests": 3},
        "companies": {"items": 2, "new": 7, "requests": 1, "is_complete": True},
        "people": {"removed": 4, "is_complete": True},
        "users": {"items": 1},
        "things of tomorrow": {"items": 9},
    }
    figures = collect_figures(make_run(progress=progress))
    assert [(each.name, each.items, each.removed, each.is_complete) for each in figures] == [
        ("Offorte users", 1, 0, False),
        ("Companies and people", 2, 4, True),
        ("Proposal details", 3, 0, None),
        ("Things of tomorrow", 9, 0, False),
    ]


def test_durations_and_what_is_left_are_told_roughly() -> None:
    durations = (5, 65, 3700, -5)
    assert [format_duration(timedelta(seconds=each)) for each in durations] == ["5 s", "1 min 5 s", "1 h 1 min", "0 s"]
    assert [describe_left(each) for each in (None, 0, 1, 7)] == [
        "time left not known yet",
        "about 1 minute left",
        "about 1 minute left",
        "about 7 minutes left",
    ]


def test_an_active_run_renews_its_progress_and_can_be_cancelled(client: Client) -> None:
    run = make_run(checkpoint=at(resource="companies", page=2), progress={"companies": {"items": 50, "requests": 1}})
    page = show(client, run)
    assert f'hx-get="/sync/syncrun/{run.pk}/progress/"' in page
    assert "<progress" in page
    assert 'aria-live="polite"' in page
    assert f'action="/sync/{run.pk}/cancel/"' in page
    assert "Sync now" not in page


def test_a_refresh_announces_only_a_changed_stage(client: Client) -> None:
    run = make_run(checkpoint=at(resource="companies", page=2))
    before = SyncRun.objects.values().get()
    path = f"/sync/syncrun/{run.pk}/progress/"
    assert "hx-swap-oob" in client.get(path).content.decode()
    assert "hx-swap-oob" not in client.get(path, {"told": "Reading companies and people"}).content.decode()
    assert SyncRun.objects.values().get() == before


def test_the_page_of_a_run_that_has_ended_is_loaded_anew(client: Client) -> None:
    run = make_run(state=SyncRun.State.DONE)
    assert client.get(f"/sync/syncrun/{run.pk}/progress/")["HX-Refresh"] == "true"
    assert client.get("/sync/syncrun/99/progress/").status_code == 404


def test_a_run_that_ended_shows_what_it_did_and_can_be_repeated(client: Client) -> None:
    user = User.objects.get(username="sanne")
    run = make_run(
        state=SyncRun.State.DONE,
        trigger=SyncRun.Trigger.PERSON,
        requested_by=user,
        only=["companies"],
        allows_mass_removal=True,
        progress={"companies": {"items": 1234, "new": 5, "requests": 25, "is_complete": True}},
        started_at=timezone.now() - timedelta(seconds=70),
        finished_at=timezone.now(),
    )
    page = show(client, run)
    for text in ("1,234", "Sanne Jansen", "1 min 10 s", "Sync now", "no limit"):
        assert text in page
    assert "/progress/" not in page, "nothing of it renews itself any more"


@pytest.mark.parametrize(("state", "text"), [("failed", "offorte_is_away"), ("cancelled", "was cancelled")])
def test_why_a_run_ended_early_is_told(client: Client, state: str, text: str) -> None:
    assert text in show(client, make_run(state=state, reason=Reason("offorte_is_away")))


def test_held_removals_are_explained_and_asked_about(client: Client) -> None:
    run = make_run(state=SyncRun.State.DONE, held_removals={"companies": 1040})
    page = show(client, run)
    assert "1,040</b> companies" in page
    assert f'action="/sync/{run.pk}/remove/"' in page
    assert f'action="/sync/{run.pk}/keep/"' in page


def test_warnings_are_shown_a_hundred_at_a_time(client: Client) -> None:
    run = make_run(state=SyncRun.State.DONE)
    SyncWarning.objects.bulk_create(
        SyncWarning(run=run, resource="people", remote_id=number, reason=Reason(f"<i>odd {number}</i>"))
        for number in range(130)
    )
    first, second = show(client, run), show(client, run, "?warnings=2")
    assert "&lt;i&gt;odd 99&lt;" in first
    assert "odd 100&lt;" not in first
    assert "odd 129&lt;" in second
    assert "?warnings=2#warnings" in first


def test_who_only_looks_gets_no_buttons() -> None:
    user = User.objects.create_user("viewer", is_staff=True)
    user.groups.add(Group.objects.get(name="Viewer"))
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    ended = make_run(state=SyncRun.State.DONE, held_removals={"companies": 40})
    running = make_run(connection=make_connection())
    pages = show(client, ended) + show(client, running)
    assert 'action="/sync/' not in pages
    assert "Someone who can start syncs needs to decide." in pages


def test_the_list_tells_each_run_in_a_line(client: Client) -> None:
    run = make_run(state=SyncRun.State.DONE, progress={"users": {"new": 3, "changed": 2, "removed": 1, "requests": 8}})
    SyncWarning.objects.create(run=run, resource="users", reason=Reason("odd"))
    make_run(connection=make_connection(), state=SyncRun.State.QUEUED)
    page = client.get("/sync/syncrun/").content.decode()
    for text in ("De Vries", "Schedule", "3 / 2 / 1", "pill-good", "Queued"):
        assert text in page


def test_runs_can_not_be_made_changed_or_deleted_by_forms(client: Client) -> None:
    run = make_run()
    for path in ("add/", f"{run.pk}/delete/"):
        assert client.get(f"/sync/syncrun/{path}").status_code == 403
    assert client.post(f"/sync/syncrun/{run.pk}/change/", {"state": "done"}).status_code == 403
    assert Connection.objects.count() == 1
