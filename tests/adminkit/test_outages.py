"""What people see while the database takes no changes, the disk is full or the queue is away: never a bare 500."""

import errno
from collections.abc import Callable
from typing import Any

import pytest
from django.db import InternalError, OperationalError, connection
from django.test import Client
from redis.exceptions import ConnectionError as RedisConnectionError

from offorte_portal.connections.models import Connection
from offorte_portal.ports import queueing
from offorte_portal.sync.models import SyncRun
from tests.support.factories import make_connection, make_staff

pytestmark = pytest.mark.django_db(transaction=True)

FULL = OperationalError("database or disk is full")
WORDS = "save anything right now"


@pytest.fixture
def anna(client: Client) -> Client:
    client.force_login(make_staff("anna"))
    client.raise_request_exception = False
    return client


def refusing(error: Exception, *, table: str = "") -> Any:
    """A database that takes no changes, of one table or of any."""

    def refuse(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and table in sql:
            raise error
        return execute(sql, *rest)

    return connection.execute_wrapper(refuse)


@pytest.mark.parametrize(
    "error", [FULL, OperationalError("attempt to write a readonly database"), InternalError("read-only transaction")]
)
def test_a_change_that_can_t_be_kept_is_told_in_words(anna: Client, error: Exception) -> None:
    account = make_connection("bouw", state=Connection.State.CONNECTED)
    with refusing(error):
        response = anna.post(f"/sync/accounts/{account.pk}/start/")
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert WORDS in response.content.decode()


def test_it_is_told_in_dutch(anna: Client) -> None:
    account = make_connection("bouw", state=Connection.State.CONNECTED)
    with refusing(FULL):
        response = anna.post(f"/sync/accounts/{account.pk}/start/", headers={"Accept-Language": "nl"})
    assert "kan nu niets opslaan" in response.content.decode()


def test_a_session_that_can_t_be_written_is_told_so(client: Client) -> None:
    """Not in a view but in a middleware."""
    user = make_staff("anna")
    user.set_password("a long password")
    user.save()
    client.raise_request_exception = False
    with refusing(FULL, table="django_session"):
        response = client.post("/accounts/login/", {"login": "anna", "password": "a long password"})
    assert response.status_code == 503
    assert WORDS in response.content.decode()


def test_a_part_of_a_page_says_so_where_it_was_asked_for(anna: Client) -> None:
    account = make_connection("bouw", state=Connection.State.CONNECTED)
    with refusing(FULL):
        response = anna.post(f"/sync/accounts/{account.pk}/start/", headers={"HX-Request": "true"})
    assert response.status_code == 503
    text = response.content.decode()
    assert WORDS in text
    assert "<html" not in text


def test_a_full_disk_is_reported_and_another_fault_is_not(anna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(error: Exception) -> int:
        def refuse(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr("offorte_portal.adminkit.views.render", refuse)
        return anna.get("/palette/").status_code

    assert fail(OSError(errno.ENOSPC, "No space left on device")) == 503
    assert fail(OSError(errno.ENOENT, "No such file")) == 500
    assert fail(ValueError("a fault")) == 500


def test_what_was_asked_for_is_kept_while_the_queue_is_away(anna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    account = make_connection("bouw", state=Connection.State.CONNECTED)

    def refuse(*_: object, **__: object) -> None:
        raise RedisConnectionError

    monkeypatch.setattr(queueing, "async_task", refuse)
    response = anna.post(f"/sync/accounts/{account.pk}/start/")
    assert response.status_code == 302
    run = SyncRun.objects.get()
    assert run.state == SyncRun.State.QUEUED
