"""While an account is read for the first time, pages with figures say so, and show no zeros."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from offorte_portal.changes import following
from offorte_portal.changes.models import Cursor
from offorte_portal.connections.models import Connection
from offorte_portal.desk import rollups
from offorte_portal.simulator import Simulator
from offorte_portal.sync import runs, work
from offorte_portal.sync.models import SyncRun
from tests.support.factories import make_connection, make_proposal, make_staff
from tests.support.feed import bring_up_to_date

pytestmark = pytest.mark.django_db

PAGES = ["/", "/board/", "/reports/"]
SINGLE_STEP = 0.00002
NOTICE = "is reading Bouw for the first time"


@pytest.fixture
def anna(client: Client) -> User:
    user = make_staff("anna")
    client.force_login(user)
    return user


def start_reading(connection: Connection, stage: str = "lists", state: str = SyncRun.State.RUNNING) -> SyncRun:
    return SyncRun.objects.create(
        connection=connection,
        trigger=SyncRun.Trigger.CONNECT,
        state=state,
        checkpoint={"stage": stage} if stage else {},
    )


def make_account(account: str = "bouw", synced_at: datetime | None = None) -> Connection:
    return make_connection(account=account, label=account.title(), synced_at=synced_at)


def read(client: Client, url: str) -> str:
    return " ".join(client.get(url).content.decode().split())


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("stage", ["", "lists", "absences"])
@pytest.mark.parametrize("url", PAGES)
def test_pages_say_that_lists_are_being_read(client: Client, url: str, stage: str) -> None:
    start_reading(make_account(), stage)
    html = read(client, url)
    assert NOTICE in html
    assert "€ 0" not in html + read(client, "/home/overview/")
    assert "No one to call" not in html
    assert ">None<" not in html
    assert client.get("/home/first-reading/").status_code == 204


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("url", PAGES)
def test_an_account_without_proposals_has_none(client: Client, url: str) -> None:
    start_reading(make_account(synced_at=timezone.now()), "details", SyncRun.State.DONE)
    assert "first time" not in read(client, url)
    assert client.get("/home/first-reading/").headers["HX-Refresh"] == "true"


@pytest.mark.usefixtures("anna")
def test_lists_are_read_and_the_sums_are_not_made() -> None:
    connection = make_account(synced_at=timezone.now())
    start_reading(connection, "details")
    make_proposal(connection=connection)
    client = Client()
    client.force_login(User.objects.get(username="anna"))
    assert NOTICE in read(client, "/")
    bring_up_to_date()
    assert NOTICE not in read(client, "/")
    Cursor.objects.filter(follower="desk").update(rebuilt_to=1)
    assert NOTICE in read(client, "/"), "the others are still to be added up"


@pytest.mark.usefixtures("anna")
def test_figures_of_accounts_that_were_read_stay(client: Client) -> None:
    known = make_account("dak", synced_at=timezone.now())
    start_reading(known, "details", SyncRun.State.DONE)
    make_proposal(connection=known, price_total=100, status="open")
    start_reading(make_account())
    bring_up_to_date()
    for url in PAGES:
        html = read(client, url)
        assert NOTICE in html
        assert "Dak for the first time" not in html
    assert "€ 100" in read(client, "/home/overview/")
    client.post("/account/", {"account": known.pk})
    assert NOTICE not in read(client, "/")


@pytest.mark.usefixtures("anna")
def test_a_sync_that_gave_up_is_not_waited_for(client: Client) -> None:
    start_reading(make_account(), state=SyncRun.State.FAILED)
    assert NOTICE not in read(client, "/")


def test_a_first_sync_is_told_until_its_lists_are_read(
    client: Client, anna: User, simulator: Simulator, connect: Callable[..., Connection]
) -> None:
    connection = connect()
    Connection.objects.filter(pk=connection.pk).update(label="Bouw")
    run = runs.request(connection, trigger=SyncRun.Trigger.CONNECT, is_queued=False)
    seen = []
    while run.is_active:
        work.advance(run.pk, seconds=SINGLE_STEP)
        run.refresh_from_db()
        seen.append((run.checkpoint.get("stage", "lists"), NOTICE in read(client, "/")))
        if run.checkpoint.get("stage") == "details":
            following.catch_up(connection.pk)
            rollups.rebuild_due()
    assert {is_told for stage, is_told in seen if stage != "details"} == {True}
    assert seen[-1] == ("details", False)
