"""Whatever lies in the queue, the cache or the database, `/readyz` tells of it and does not break."""

import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_q import core_signing
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.signing import SignedPackage
from django_q.tasks import async_task
from redis import Redis

from offorte_portal.ports import queueing
from offorte_portal.runs import beats
from offorte_portal.runs.models import Pulse
from offorte_portal.simulator.server import free_port
from offorte_portal.webhooks import address
from tests.journeys.test_redis_away import redis
from tests.support.factories import make_connection

pytestmark = pytest.mark.django_db

ANOTHER_KEY = "queued task that another DJANGO_SECRET_KEY signed"
UNREADABLE = "queued task that can't be read"


class Raw:
    """A pickle that is given as it is."""

    def dumps(self, data: bytes) -> bytes:
        return data


def sign(pickled: bytes, key: str = Conf.SECRET_KEY) -> str:
    return str(core_signing.dumps(pickled, key=key, salt=Conf.PREFIX, serializer=Raw))


def task(**more: Any) -> bytes:
    return pickle.dumps({"id": "1", "name": "x", "func": "builtins.print", "args": (), "kwargs": {}} | more)


BROKEN = {
    "old key": (sign(task(started=timezone.now()), "an old key"), ANOTHER_KEY),
    "empty": ("", ANOTHER_KEY),
    "garbage": ("garbage", ANOTHER_KEY),
    "unpicklable": (sign(b"garbage"), UNREADABLE),
    "not compressed": (core_signing.TimestampSigner(key=Conf.SECRET_KEY, salt=Conf.PREFIX).sign(".x"), UNREADABLE),
    "gone": (sign(b"cno_such_module\nGone\n."), UNREADABLE),
    "nothing": (sign(pickle.dumps(None)), UNREADABLE),
    "no dictionary": (sign(pickle.dumps([1, 2])), UNREADABLE),
    "no moment": (sign(task()), UNREADABLE),
    "text for a moment": (sign(task(started="yesterday")), UNREADABLE),
    "no time zone": (sign(task(started=timezone.now().replace(tzinfo=None))), UNREADABLE),
}


@pytest.fixture(autouse=True)
def worker(db: None) -> None:
    """A worker that has beaten a moment ago."""
    caches["local"].clear()
    beats.beat()


@pytest.mark.parametrize(("payload", "finding"), BROKEN.values(), ids=BROKEN)
def test_a_queued_task_that_cannot_be_read_is_named(client: Client, payload: str, finding: str) -> None:
    queue = get_broker().list_key
    OrmQ.objects.create(key=queue, payload=payload, lock=timezone.now())
    async_task(beats.come_back)
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["findings"] == [f"1 {finding}"]
    assert 0 <= response.json()["work"]["oldest_task_seconds"] < 60


def test_broken_tasks_are_counted_by_kind(client: Client) -> None:
    queue = get_broker().list_key
    for payload, _ in BROKEN.values():
        OrmQ.objects.create(key=queue, payload=payload, lock=timezone.now())
    OrmQ.objects.create(key="another installation", payload="garbage", lock=timezone.now())
    OrmQ.objects.create(key=queue, payload="never given out", lock=None)
    answer = client.get("/readyz").json()
    assert answer["findings"] == [
        "3 queued tasks that another DJANGO_SECRET_KEY signed",
        "8 queued tasks that can't be read",
    ]
    assert answer["work"]["oldest_task_seconds"] is None


def test_of_a_long_queue_only_the_beginning_is_read(client: Client) -> None:
    queue = get_broker().list_key
    OrmQ.objects.bulk_create(
        OrmQ(key=queue, payload="garbage", lock=timezone.now()) for _ in range(queueing.MOST_LOOKED_AT + 1)
    )
    [finding] = client.get("/readyz").json()["findings"]
    assert finding.startswith(f"{queueing.MOST_LOOKED_AT} ")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """A Redis of one's own that is the queue."""
    port = free_port()
    url = f"redis://127.0.0.1:{port}"
    monkeypatch.setattr(Conf, "ORM", None)
    monkeypatch.setattr(Conf, "REDIS", url)
    with redis(port):
        yield Redis.from_url(url)


def test_in_redis_too(client: Client, server: Redis) -> None:
    queue = get_broker().list_key
    for payload, _ in BROKEN.values():
        server.rpush(queue, payload)
    server.rpush(queue, b"\xff\xfe:\xff:\xff")
    server.rpush(queue, SignedPackage.dumps({"started": timezone.now()}))
    response = client.get("/readyz")
    assert response.status_code == 200
    assert [finding[:2] for finding in response.json()["findings"]] == ["3 ", "9 "]
    assert response.json()["work"]["oldest_task_seconds"] < 60


def test_a_queue_that_is_no_list_is_told(client: Client, server: Redis) -> None:
    server.set(get_broker().list_key, "garbage")
    response = client.get("/readyz")
    assert (response.status_code, response.json()["findings"]) == (200, ["the queue can't be read"])


# What a database may hold in the column of a moment, and Python can't.
NO_MOMENTS: dict[str, list[str | bytes]] = {
    "sqlite": ["garbage", "", b"\x00\xff", "2026-99-99 10:00:00"],
    "postgresql": ["-infinity", "infinity"],
}


@pytest.mark.parametrize(
    ("table", "column", "part", "said"),
    [
        ("runs_pulse", "at", "worker", "failing"),
        ("django_migrations", "applied", "migrations", "failing"),
        ("webhooks_webhookendpoint", "heard_at", "webhooks", "unreadable"),
    ],
)
def test_a_moment_that_is_none_is_told(client: Client, table: str, column: str, part: str, said: str) -> None:
    address.ensure(make_connection("bouw"))
    for value in NO_MOMENTS[connection.vendor]:
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = %s", [value])
        response = client.get("/readyz")
        assert response.status_code in (200, 503), value
    assert response.json()[part] == said


def test_a_moment_of_long_ago_or_to_come_is_no_crash(client: Client) -> None:
    for year in (1, 9999):
        Pulse.objects.update(at=timezone.now().replace(year=year, day=1))
        assert client.get("/readyz").json()["worker"] == "failing"


def test_garbage_in_the_cache_and_in_a_session_is_no_crash(client: Client) -> None:
    caches["default"].set("x", 1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE portal_cache SET value = 'garbage'")
    Session.objects.create(session_key="broken", session_data="garbage", expire_date=timezone.now().replace(year=9998))
    client.cookies["sessionid"] = "broken"
    assert client.get("/readyz").status_code == 200
