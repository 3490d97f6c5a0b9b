"""Where Offorte posts: whatever is in a body, it is stored and answered 2xx, and no log tells the secret."""

import io
import json
import logging
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings
from redis.exceptions import RedisError

from offorte_portal.connections import drains
from offorte_portal.connections.models import Connection, Drain
from offorte_portal.ports import queueing
from offorte_portal.webhooks import address, draining, inbox, storing
from offorte_portal.webhooks.models import WebhookEndpoint, WebhookEvent
from tests.support.factories import make_connection
from tests.support.length import usual_or_long

pytestmark = pytest.mark.django_db

EVENT = b'{"type": "company_updated", "date_created": "2026-03-02 10:30:00", "data": {"id": 1, "name": "A"}}'


@pytest.fixture
def endpoint() -> WebhookEndpoint:
    address._known.clear()
    return address.ensure(make_connection("bouw"))


def post(client: Client, endpoint: WebhookEndpoint, body: bytes = EVENT, **headers: str) -> int:
    path = f"/webhooks/offorte/{endpoint.token}/"
    return client.post(path, body, content_type="application/json", headers=headers or None).status_code


def bodies() -> list[bytes]:
    return [bytes(body) for body in WebhookEvent.objects.order_by("id").values_list("body", flat=True)]


def test_a_body_is_stored_as_it_came_and_the_worker_is_told(client: Client, endpoint: WebhookEndpoint) -> None:
    with patch.object(queueing, "after_commit", lambda action: action()):
        response = client.post(
            f"/webhooks/offorte/{endpoint.token}/",
            EVENT,
            content_type="application/json",
            headers={"host": "any.where"},
        )
    assert (response.status_code, response.content) == (200, b"")
    assert not response.cookies
    event = WebhookEvent.objects.get()
    assert bytes(event.body) == EVENT
    assert (event.connection_id, event.state) == (endpoint.pk, "received")
    assert timezone.now() - event.received_at < timedelta(minutes=1)
    assert [task.task["func"] for task in OrmQ.objects.all()] == [queueing.path_of(draining.drain)]


def test_a_flood_queues_one_task(client: Client, endpoint: WebhookEndpoint) -> None:
    with patch.object(queueing, "after_commit", lambda action: action()):
        for number in range(20):
            post(client, endpoint, EVENT.replace(b'"A"', str(number).encode()))
    assert WebhookEvent.objects.count() == 20
    assert OrmQ.objects.count() == 1


def test_nothing_is_queued_while_the_events_are_being_worked_on(client: Client, endpoint: WebhookEndpoint) -> None:
    until = timezone.now() + timedelta(minutes=1)
    drain = Drain.objects.create(connection_id=endpoint.pk, queue="events", lease="me", lease_until=until)
    post(client, endpoint)
    drain.refresh_from_db()
    assert drain.queued_at is None
    Drain.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    post(client, endpoint, b"again")
    drain.refresh_from_db()
    assert drain.queued_at is not None


def test_a_task_that_was_queued_long_ago_is_taken_for_lost(client: Client, endpoint: WebhookEndpoint) -> None:
    long_ago = timezone.now() - drains.LOST_AFTER - timedelta(seconds=1)
    drain = Drain.objects.create(connection_id=endpoint.pk, queue="events", queued_at=long_ago)
    post(client, endpoint)
    drain.refresh_from_db()
    assert drain.queued_at is not None
    assert drain.queued_at > long_ago


def test_an_event_takes_three_statements_and_later_one(
    client: Client, endpoint: WebhookEndpoint, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    post(client, endpoint)
    with django_assert_num_queries(2):  # type: ignore[operator]
        post(client, endpoint, b"another")


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_slash_at_the_end_makes_no_difference(
    client: Client, endpoint: WebhookEndpoint, slash: str, settings: Settings
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert (
        client.post(f"/webhooks/offorte/{endpoint.token}{slash}", EVENT, content_type="text/plain").status_code == 200
    )


def test_it_needs_no_csrf_token(endpoint: WebhookEndpoint) -> None:
    assert post(Client(enforce_csrf_checks=True), endpoint) == 200


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_only_posts_are_taken(client: Client, endpoint: WebhookEndpoint, method: str) -> None:
    response = getattr(client, method)(f"/webhooks/offorte/{endpoint.token}/")
    assert (response.status_code, response["Allow"]) == (405, "POST")


@pytest.mark.parametrize("token", ["unknown", "\N{SNOWMAN}", "%00", "a/b", "", "x" * 5_000, "%ED%A0%80"])
def test_an_unknown_secret_is_not_found_and_writes_nothing(
    client: Client, endpoint: WebhookEndpoint, token: str, django_capture_on_commit_callbacks: object
) -> None:
    statements: list[str] = []

    def note(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert client.post(f"/webhooks/offorte/{token}/", EVENT, content_type="application/json").status_code == 404
    assert all(sql.startswith("SELECT") for sql in statements)
    assert bodies() == []


def test_a_disconnected_account_has_no_address(client: Client, endpoint: WebhookEndpoint) -> None:
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    assert post(client, endpoint) == 404


def test_after_a_rotation_both_addresses_are_good_for_a_while(client: Client, endpoint: WebhookEndpoint) -> None:
    before = endpoint.token
    after = address.rotate(endpoint)
    assert after.token != before
    assert post(client, after, b"new") == 200
    assert client.post(f"/webhooks/offorte/{before}/", b"old", content_type="application/json").status_code == 200
    assert bodies() == [b"new", b"old"]
    WebhookEndpoint.objects.update(previous_until=timezone.now() - timedelta(seconds=1))
    address._known.clear()
    assert client.post(f"/webhooks/offorte/{before}/", b"late", content_type="application/json").status_code == 404
    assert post(client, after, b"newer") == 200


def test_the_same_event_again_is_one_row(client: Client, endpoint: WebhookEndpoint) -> None:
    assert {post(client, endpoint) for _ in range(100)} == {200}
    assert bodies() == [EVENT]
    other = address.ensure(make_connection("hout"))
    post(client, other)
    assert bodies() == [EVENT, EVENT]


def test_a_body_without_a_date_may_mean_something_new_each_time(endpoint: WebhookEndpoint) -> None:
    body = b'{"type": "company_updated", "data": {"id": 1, "name": "A"}}'
    now = timezone.now()
    assert storing.digest(body, now) == storing.digest(body, now)
    assert storing.digest(body, now) != storing.digest(body, now + timedelta(seconds=1))
    assert storing.digest(EVENT, now) == storing.digest(EVENT, now + timedelta(days=1))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe\x00",
        b"[" * 1000 + b"]" * 1000,
        b"[1, 2]",
        b"null",
        b'{"type": 12, "data": []}',
        b"x" * storing.LARGEST,
    ],
)
def test_whatever_is_in_a_body_it_is_stored(client: Client, endpoint: WebhookEndpoint, body: bytes) -> None:
    assert post(client, endpoint, body) == 200
    assert bodies() == [body]


def test_a_body_that_is_too_large_is_read_and_refused(client: Client, endpoint: WebhookEndpoint) -> None:
    assert post(client, endpoint, b"x" * (storing.LARGEST + 1)) == 413
    assert post(client, endpoint, b"x" * (20 * storing.LARGEST)) == 413
    assert bodies() == []


def test_a_body_in_chunks_is_read_to_its_end(client: Client, endpoint: WebhookEndpoint) -> None:
    chunked = {"wsgi.input": io.BytesIO(EVENT), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    response = client.generic("POST", f"/webhooks/offorte/{endpoint.token}/", b"", **chunked)  # type: ignore[arg-type]
    assert response.status_code == 200
    assert bodies() == [EVENT]


@pytest.mark.parametrize(("announced", "status"), [("500", 400), ("abc", 200), ("", 200)])
def test_a_body_that_was_cut_off_is_to_be_sent_again(
    client: Client, endpoint: WebhookEndpoint, announced: str, status: int
) -> None:
    broken = {"wsgi.input": io.BytesIO(EVENT), "CONTENT_LENGTH": announced}
    response = client.generic("POST", f"/webhooks/offorte/{endpoint.token}/", b"", **broken)  # type: ignore[arg-type]
    assert response.status_code == status


class CutOff(io.BytesIO):
    """A body whose sender hangs up, or breaks off a chunk, while it is read."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise ConnectionResetError


@pytest.mark.parametrize("more", [{}, {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}])
def test_a_sender_that_hangs_up_is_no_fault_of_the_portal(
    client: Client, endpoint: WebhookEndpoint, more: dict[str, object]
) -> None:
    broken = {"wsgi.input": CutOff(), "CONTENT_LENGTH": "500"} | more
    response = client.generic("POST", f"/webhooks/offorte/{endpoint.token}/", b"", **broken)  # type: ignore[arg-type]
    assert response.status_code == 400
    assert bodies() == []


@pytest.mark.parametrize("function", ["find_connection", "receive"])
def test_what_could_not_be_stored_is_to_be_sent_again(
    client: Client, endpoint: WebhookEndpoint, function: str, caplog: pytest.LogCaptureFixture
) -> None:
    token = endpoint.token
    module = address if function == "find_connection" else inbox
    with patch.object(module, function, side_effect=OperationalError("database is locked")):
        assert post(client, endpoint) == 503
    assert "could not be stored" in caplog.text
    assert token not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_an_account_that_was_deleted_a_moment_ago_is_not_found(client: Client, endpoint: WebhookEndpoint) -> None:
    post(client, endpoint)
    Connection.objects.all().delete()
    assert address._known
    assert post(client, endpoint, b"x") == 404
    assert not address._known
    assert post(client, endpoint, b"x") == 404


@pytest.mark.parametrize("error", [RedisError("away"), OSError("away"), DatabaseError("locked")])
def test_a_queue_that_is_down_is_no_failure(client: Client, endpoint: WebhookEndpoint, error: Exception) -> None:
    with (
        patch.object(queueing, "after_commit", lambda action: action()),
        patch.object(queueing, "async_task", side_effect=error),
    ):
        assert post(client, endpoint) == 200
    assert bodies() == [EVENT]
    assert Drain.objects.get().queued_at is None
    with patch.object(drains, "enqueue", side_effect=error), patch.object(Drain, "objects") as rows:
        rows.filter.side_effect = DatabaseError
        assert post(client, endpoint, b"another") == 200


def test_no_refusal_tells_the_secret_to_a_log(
    client: Client, endpoint: WebhookEndpoint, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client.get(f"/webhooks/offorte/{endpoint.token}/")
    post(client, endpoint, b"x" * (storing.LARGEST + 1))
    client.post("/webhooks/offorte/hush-hush/", EVENT, content_type="application/json")
    assert endpoint.token not in caplog.text
    assert "hush-hush" not in caplog.text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
EVENTS = st.builds(
    lambda name, date, data: json.dumps({"type": name, "date_created": date, "data": data}).encode("utf-8", "replace"),
    st.sampled_from(["company_updated", "product_deleted", "all", "nothing"]) | JSON,
    st.sampled_from(["2026-03-02 10:30:00", "9999-99-99", ""]) | JSON,
    JSON,
)


@pytest.mark.long
@pytest.mark.timeout(usual_or_long(180, 1800))
@hypothesis_settings(
    max_examples=usual_or_long(100, 10_000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(b"")
@given(body=st.binary(max_size=400) | EVENTS | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_stored_and_answered_2xx(client: Client, endpoint: WebhookEndpoint, body: bytes) -> None:
    assert post(client, endpoint, body) == 200
    assert body in bodies()
    WebhookEvent.objects.all().delete()
