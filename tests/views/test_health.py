"""What load balancers and supervisors are told."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from django_q.conf import Conf
from django_q.signing import SignedPackage
from django_q.status import Stat

from offorte_portal.models import WebhookEndpoint, WebhookEvent
from offorte_portal.services.webhooks import address
from offorte_portal.views.health import HEARTBEAT
from tests.factories import make_connection
from tests.services.webhooks.posting import post


def report(status: str, *, age: timedelta = timedelta(0)) -> None:
    """Leave in the cache what a worker would."""
    stat = SimpleNamespace(status=status, timestamp=timezone.now() - age)
    cache.set(Conf.Q_STAT, [Stat.get_key("one")])
    cache.set(Stat.get_key("one"), SignedPackage.dumps(stat, True))


@pytest.fixture(autouse=True)
def no_worker(db: None) -> None:
    cache.clear()


def test_the_process_is_up(client: Client, django_assert_num_queries: pytest.FixtureRequest) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("status", [Conf.IDLE, Conf.WORKING])
def test_all_is_ready(client: Client, status: str) -> None:
    report(status)
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "migrations": "ok", "worker": "ok"}
    assert not response.cookies


def test_no_worker_is_not_ready(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "not ready", "database": "ok", "migrations": "ok", "worker": "failing"}


@pytest.mark.parametrize(
    ("status", "age"), [(Conf.STOPPED, timedelta(0)), (Conf.STOPPING, timedelta(0)), (Conf.IDLE, HEARTBEAT * 2)]
)
def test_a_worker_that_ended_or_went_silent_is_not_ready(client: Client, status: str, age: timedelta) -> None:
    report(status, age=age)
    assert client.get("/readyz").json()["worker"] == "failing"


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
        "migrations": "failing",
        "worker": "failing",
    }


def _refuse(*args: object) -> None:

    raise OperationalError("unable to open database file")


def test_nothing_is_changed_by_post(client: Client) -> None:
    assert client.post("/readyz").status_code == 405


def test_how_hearing_from_offorte_goes_is_told(client: Client) -> None:
    report(Conf.IDLE)
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
