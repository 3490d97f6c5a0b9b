"""What load balancers and supervisors are told."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.utils import timezone
from django_q.tasks import async_task
from redis.exceptions import ConnectionError as RedisConnectionError

from offorte_portal.ports import queueing
from offorte_portal.runs import beats
from offorte_portal.runs.models import Pulse
from offorte_portal.webhooks import address
from offorte_portal.webhooks.models import WebhookEndpoint, WebhookEvent
from tests.support.factories import make_connection
from tests.webhooks.posting import post

OK = {"database": "ok", "writable": "ok", "migrations": "ok", "queue": "ok", "worker": "ok", "disk": "ok"}


def report(*, age: timedelta = timedelta(0)) -> None:
    """Leave in the database what a worker would."""
    beats.beat()
    Pulse.objects.update(at=timezone.now() - age)


@pytest.fixture(autouse=True)
def no_worker(db: None) -> None:
    caches["local"].clear()


def test_the_process_is_up(client: Client, django_assert_num_queries: pytest.FixtureRequest) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]


def test_all_is_ready(client: Client) -> None:
    report()
    response = client.get("/readyz")
    assert response.status_code == 200
    answer = response.json()
    assert answer.pop("work") == {"last_beat_seconds": pytest.approx(0, abs=5), "oldest_task_seconds": None}
    assert answer == {"status": "ok", **OK}
    assert not response.cookies


def test_no_worker_is_not_ready(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    answer = response.json()
    assert answer.pop("work") == {"last_beat_seconds": None, "oldest_task_seconds": None}
    assert answer == {"status": "not ready", **OK, "worker": "failing"}


@pytest.mark.parametrize("age", [beats.SILENT_AFTER + timedelta(seconds=1), timedelta(hours=-1)])
def test_a_worker_that_went_silent_is_not_ready(client: Client, age: timedelta) -> None:
    report(age=age)
    assert client.get("/readyz").json()["worker"] == "failing"


def test_a_worker_that_is_a_little_late_is_ready(client: Client) -> None:
    report(age=beats.SILENT_AFTER - timedelta(seconds=5))
    assert client.get("/readyz").status_code == 200


def test_how_long_the_first_task_has_waited_is_told(client: Client) -> None:
    report()
    async_task(beats.come_back)
    async_task(beats.come_back)
    oldest = client.get("/readyz").json()["work"]["oldest_task_seconds"]
    assert 0 <= oldest < 10


@pytest.mark.parametrize("error", [OperationalError("database or disk is full"), DatabaseError("read-only")])
def test_a_database_that_takes_no_writes_is_not_ready(client: Client, error: DatabaseError) -> None:
    report()

    def refuse_writes(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(("UPDATE", "INSERT")):
            raise error
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse_writes):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert {name for name, state in response.json().items() if state == "failing"} == {"writable"}


def test_a_queue_that_is_away_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    report()
    monkeypatch.setattr(queueing, "get_broker", refuse_connection)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["queue"], response.json()["worker"]) == (503, "failing", "ok")


def refuse_connection(*_: object) -> None:
    raise RedisConnectionError


def test_a_migration_that_is_missing_is_not_ready(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'proposals'")
    assert client.get("/readyz").json()["migrations"] == "failing"


def test_a_database_that_is_away_is_told_and_not_a_crash(client: Client) -> None:
    with connection.execute_wrapper(_refuse):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {
        "status": "not ready",
        "database": "failing",
        "writable": "failing",
        "migrations": "failing",
        "queue": "ok",
        "worker": "failing",
        "disk": "ok",
    }


def _refuse(*args: object) -> None:

    raise OperationalError("unable to open database file")


def test_nothing_is_changed_by_post(client: Client) -> None:
    assert client.post("/readyz").status_code == 405


def test_how_hearing_from_offorte_goes_is_told(client: Client) -> None:
    report()
    connection = make_connection("bouw")
    make_connection("hout", state="disconnected")
    endpoint = address.ensure(connection)
    heard_at = timezone.now()
    WebhookEndpoint.objects.update(state="active", heard_at=heard_at)
    for state in ("received", "applied", "applied", "failed", "done"):
        event = post(connection, "product_updated", {"id": 1}, f"2026-03-02 10:30:{len(WebhookEvent.objects.all()):02}")
        WebhookEvent.objects.filter(pk=event.pk).update(state=state)
    WebhookEvent.objects.filter(state="received").update(received_at=timezone.now() - timedelta(seconds=90))
    figures = client.get("/readyz").json()["webhooks"]
    assert 90 <= figures.pop("lag_seconds") < 100
    assert figures == {
        "accounts": 1,
        "active": 1,
        "last_event": heard_at.isoformat(),
        "waiting": 1,
        "unconfirmed": 2,
        "failed": 1,
    }
    assert endpoint.token not in client.get("/readyz").content.decode()
