"""How much is stored of what is posted in an hour."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.runs import schedules
from offorte_portal.sync.models import SyncRun
from offorte_portal.webhooks import address, intake, storing
from offorte_portal.webhooks.models import WebhookEndpoint, WebhookEvent
from tests.support.clock import Clock
from tests.support.factories import make_connection, make_staff
from tests.webhooks.posting import drain, post_raw

pytestmark = pytest.mark.django_db(transaction=True)
EVENTS = "/webhooks/webhookevent/"


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Connection:
    intake.forget()
    address._known.clear()
    monkeypatch.setattr(intake, "MOST_EVENTS", 20)
    monkeypatch.setattr(intake, "FLUSH_EVENTS", 5)
    connection = make_connection("bouw")
    address.ensure(connection)
    return connection


def body(number: int, filling: str = "") -> bytes:
    return b'{"type": "invoice_paid", "date_created": "2026-03-02 10:30:00", "data": {"id": %d, "a": "%s"}}' % (
        number,
        filling.encode(),
    )


def flood(connection: Connection, count: int, first: int = 0, **options: Any) -> list[bool]:
    return [storing.take(connection.pk, body(first + number, **options)) for number in range(count)]


def test_beyond_the_limit_it_is_counted_but_not_stored(client: Client, connection: Connection) -> None:
    path = f"/webhooks/offorte/{address.ensure(connection).token}/"
    statuses = {client.post(path, body(number), content_type="application/json").status_code for number in range(40)}
    assert statuses == {200}
    assert WebhookEvent.objects.count() == 20
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.missed_events in range(16, 21)
    client.force_login(make_staff())
    page = client.get(EVENTS).content.decode()
    assert "events were not kept" in page
    assert "Replace secret" in page


def test_what_is_not_stored_costs_hardly_a_query(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(intake, "FLUSH_EVENTS", 50)
    flood(connection, 30)
    with django_assert_max_num_queries(8):  # two updates and their sums, each within a transaction
        flood(connection, 60, first=30)
    assert WebhookEndpoint.objects.get().missed_events >= 50


def test_bytes_are_limited_too(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MOST_BYTES", 50_000)
    flood(connection, 15, filling="x" * 10_000)
    assert WebhookEvent.objects.count() == 5


def test_the_same_event_sent_again_counts_once(connection: Connection) -> None:
    for _ in range(10):
        flood(connection, 3)
    assert all(flood(connection, 17, first=100))


def test_several_processes_store_little_more_than_the_limit(connection: Connection) -> None:
    meters: list[dict[int, intake.Meter]] = [{}, {}, {}]
    for number in range(150):
        if number % 30 == 0:
            meters[number % 3] = {}
        with patch.object(intake, "_meters", meters[number % 3]):
            flood(connection, 1, first=number)
    assert 20 <= WebhookEvent.objects.count() <= 20 + 3 * intake.FLUSH_EVENTS


def test_the_next_hour_begins_from_nothing(connection: Connection) -> None:
    flood(connection, 30)
    with patch.object(ports, "clock", Clock(timezone.now() + timedelta(hours=1))):
        assert all(flood(connection, 15, first=100))


def test_a_sync_makes_up_for_it_once_the_hour_is_over(connection: Connection) -> None:
    flood(connection, 30)
    intake.make_up()
    assert not SyncRun.objects.exists()
    WebhookEndpoint.objects.update(missed_at=timezone.now() - timedelta(hours=1, minutes=1))
    for _ in range(2):
        intake.make_up()
    assert SyncRun.objects.get().trigger == SyncRun.Trigger.SCHEDULE
    assert WebhookEndpoint.objects.get().made_up_at


def test_a_sync_that_began_before_is_no_making_up(connection: Connection) -> None:
    flood(connection, 30)
    WebhookEndpoint.objects.update(missed_at=timezone.now() - timedelta(hours=1, minutes=1))
    run = SyncRun.objects.create(connection=connection, trigger="person")
    SyncRun.objects.filter(pk=run.pk).update(created_at=timezone.now() - timedelta(hours=2))
    intake.make_up()
    assert WebhookEndpoint.objects.get().made_up_at is None
    SyncRun.objects.update(state=SyncRun.State.DONE)
    intake.make_up()
    assert WebhookEndpoint.objects.get().made_up_at
    assert SyncRun.objects.count() == 2


def test_many_events_in_one_body_are_limited_too(connection: Connection) -> None:
    post_raw(connection, b"[" + b",".join(body(number) for number in range(100)) + b"]")
    drain(connection)
    assert WebhookEvent.objects.count() == 21


def test_figures_that_cant_be_written_stop_nothing(connection: Connection) -> None:
    with patch.object(QuerySet, "update", side_effect=DatabaseError):
        assert flood(connection, 40) == [True] * 20 + [False] * 20


def test_the_sweep_of_each_minute_makes_up(connection: Connection) -> None:
    flood(connection, 30)
    WebhookEndpoint.objects.update(missed_at=timezone.now() - timedelta(hours=1, minutes=1))
    schedules.run("sweep")
    assert SyncRun.objects.get().trigger == SyncRun.Trigger.SCHEDULE
    assert WebhookEndpoint.objects.get().made_up_at


def test_a_flood_that_lasts_is_made_up_for_all_the_same(connection: Connection) -> None:
    flood(connection, 30)
    WebhookEndpoint.objects.update(missed_at=timezone.now() - timedelta(hours=1, minutes=1))
    flood(connection, 30, first=30)
    intake.make_up()
    assert SyncRun.objects.count() == 1
