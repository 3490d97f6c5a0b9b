"""A token is renewed before it ends or when it is refused, and kept as long as it may still serve."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_q.models import OrmQ
from pytest_django import Settings

from offorte_portal.api.errors import NotConnected, RateLimited, Unavailable
from offorte_portal.connections import tokens
from offorte_portal.connections.models import Connection
from offorte_portal.ports import queueing
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.text.reason import Reason
from tests.connections.renewals import accepts, refreshes

pytestmark = pytest.mark.django_db
Connect = Callable[..., Connection]


def test_a_refresh_replaces_both_tokens_and_dates_them(connect: Connect, simulator: Simulator) -> None:
    connection = connect()
    old = connection.access_token, connection.refresh_token
    Connection.objects.update(token_expires_at=timezone.now(), state_reason=Reason("yesterday"))
    assert tokens.refresh(connection)
    stored = Connection.objects.get()
    for row in (connection, stored):
        assert row.access_token != old[0]
        assert row.refresh_token != old[1]
        assert row.token_version == 1
    assert accepts(simulator, stored.access_token)
    assert stored.token_expires_at
    assert abs(stored.token_expires_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    assert stored.state_reason is None
    assert stored.refresh_lease_until is None


def test_a_refresh_token_is_kept_when_no_new_one_comes(connect: Connect, simulator: Simulator) -> None:
    simulator.switches.rotates_refresh_tokens = False
    connection = connect()
    kept = connection.refresh_token
    assert tokens.refresh(connection)
    assert Connection.objects.get().refresh_token == kept
    assert tokens.refresh(connection)


@pytest.mark.parametrize("value", [None, "soon", -5, 0, "NaN", "inf", 1e300])
def test_a_lifetime_that_is_not_told_is_thirty_days(connect: Connect, simulator: Simulator, value: object) -> None:
    connection = connect()
    simulator.faults.add(Fault("unknown_field", path="/oauth2/refresh-token", name="expires_in", value=value))
    assert tokens.refresh(connection)
    assert connection.token_expires_at
    left = connection.token_expires_at - timezone.now()
    assert timedelta(days=29, hours=23) < left <= timedelta(days=3650)


def refresh_due() -> list[Connection]:
    """Do what the worker does for each account; the accounts for which that failed."""
    return [connection for connection in tokens.find_due() if not tokens.refresh(connection)]


def test_each_account_gets_a_task_of_its_own(connect: Connect, django_capture_on_commit_callbacks: Any) -> None:
    connect()
    Connection.objects.update(token_expires_at=timezone.now() + timedelta(days=1))
    OrmQ.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        tokens.request_due()
    (task,) = OrmQ.objects.all()
    assert (task.func(), task.task["args"]) == (queueing.path_of(tokens.refresh_token), (Connection.objects.get().pk,))


def test_only_tokens_near_their_end_are_refreshed(connect: Connect, simulator: Simulator) -> None:
    connect()
    assert refresh_due() == []
    assert refreshes(simulator) == []
    Connection.objects.update(token_expires_at=timezone.now() + timedelta(days=6, hours=23))
    assert refresh_due() == []
    assert refreshes(simulator) == [200]
    assert refresh_due() == []
    assert refreshes(simulator) == [200]


@pytest.mark.parametrize("state", [Connection.State.NEW, Connection.State.RECONNECT, Connection.State.DISCONNECTED])
def test_what_is_not_connected_is_not_refreshed(connect: Connect, simulator: Simulator, state: str) -> None:
    connection = connect()
    Connection.objects.update(state=state, token_expires_at=timezone.now())
    assert refresh_due() == []
    assert not tokens.refresh(connection)
    assert refreshes(simulator) == []


def test_a_refused_refresh_token_asks_for_a_reconnect(connect: Connect, simulator: Simulator) -> None:
    connection = connect()
    Connection.objects.update(token_expires_at=timezone.now() + timedelta(days=1))
    simulator.account("bouw").revoke_tokens()
    assert refresh_due() == [connection]
    stored = Connection.objects.get()
    assert stored.state == Connection.State.RECONNECT
    assert "reconnected" in put_into_words(stored.state_reason)
    assert stored.refresh_lease_until is None


@pytest.mark.parametrize(
    "fault",
    [
        Fault("unavailable_503_html", times=2),
        Fault("rate_limited", times=2),
        Fault("html_200", times=2),
        Fault("drop_before", times=2),
    ],
    ids=lambda fault: fault.kind,
)
def test_trouble_that_passes_keeps_the_token_and_is_tried_again(
    connect: Connect, simulator: Simulator, fault: Fault
) -> None:
    simulator.switches.rotates_refresh_tokens = False  # or an answer that is lost ends it all
    connection = connect()
    old = connection.access_token
    fault.path = "/oauth2/refresh-token"
    simulator.faults.add(fault)
    assert not tokens.refresh(connection)
    stored = Connection.objects.get()
    assert stored.is_connected
    assert stored.access_token == old
    assert stored.state_reason
    with pytest.raises((Unavailable, RateLimited)):
        tokens.refresh_refused(stored)
    assert Connection.objects.get().is_connected
    assert tokens.refresh_refused(stored)
    assert Connection.objects.get().state_reason is None


def test_a_refused_secret_stops_only_with_a_refused_token(connect: Connect, simulator: Simulator) -> None:
    connection = connect()
    simulator.account("bouw").client_secret = "another"
    assert not tokens.refresh(connection)
    assert Connection.objects.get().is_connected
    assert not tokens.refresh_refused(connection)
    stored = Connection.objects.get()
    assert stored.state == connection.state == Connection.State.RECONNECT
    assert "client secret" in put_into_words(stored.state_reason)


def test_without_a_refresh_token_the_token_serves_to_its_end(connect: Connect, simulator: Simulator) -> None:
    connection = connect()
    connection.refresh_token = ""
    connection.save()
    assert not tokens.refresh(connection)
    assert Connection.objects.get().is_connected
    assert not tokens.refresh_refused(connection)
    assert Connection.objects.get().state == Connection.State.RECONNECT
    assert refreshes(simulator) == []


def test_without_the_key_nothing_is_asked_and_the_account_stays(
    connect: Connect, simulator: Simulator, settings: Settings
) -> None:
    connection = Connection.objects.get(pk=connect().pk)
    settings.PORTAL_ENCRYPTION_KEYS = []
    with pytest.raises(NotConnected, match="key_missing"):
        tokens.require_readable(connection)
    assert not tokens.refresh(connection)
    assert refreshes(simulator) == []
    assert Connection.objects.get().is_connected
