"""A token is renewed once, by whichever process comes first, and never replaced by an older one."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from offorte_portal.api.errors import NotConnected, RateLimited, Unavailable
from offorte_portal.models import Connection
from offorte_portal.oauth import token_endpoint
from offorte_portal.services import tokens
from offorte_portal.simulator import Fault, Simulator

pytestmark = pytest.mark.django_db
Connect = Callable[..., Connection]


def refreshes(simulator: Simulator) -> list[int]:
    return [request.status for request in simulator.requests if request.path == "/oauth2/refresh-token"]


def accepts(simulator: Simulator, token: str) -> bool:
    return not simulator.account("bouw").tokens.state_of(token)


def test_a_refresh_replaces_both_tokens_and_dates_them(connect: Connect, simulator: Simulator) -> None:
    connection = connect()
    old = connection.access_token, connection.refresh_token
    Connection.objects.update(token_expires_at=timezone.now(), state_reason="Something of yesterday")
    assert tokens.refresh(connection)
    stored = Connection.objects.get()
    for row in (connection, stored):
        assert row.access_token != old[0]
        assert row.refresh_token != old[1]
        assert row.token_version == 1
    assert accepts(simulator, stored.access_token)
    assert stored.token_expires_at
    assert abs(stored.token_expires_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    assert stored.state_reason == ""
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


def test_only_tokens_near_their_end_are_refreshed(connect: Connect, simulator: Simulator) -> None:
    connect()
    assert tokens.refresh_due() == []
    assert refreshes(simulator) == []
    Connection.objects.update(token_expires_at=timezone.now() + timedelta(days=6, hours=23))
    assert tokens.refresh_due() == []
    assert refreshes(simulator) == [200]
    assert tokens.refresh_due() == []
    assert refreshes(simulator) == [200]


@pytest.mark.parametrize("state", [Connection.State.NEW, Connection.State.RECONNECT, Connection.State.DISCONNECTED])
def test_what_is_not_connected_is_not_refreshed(connect: Connect, simulator: Simulator, state: str) -> None:
    connection = connect()
    Connection.objects.update(state=state, token_expires_at=timezone.now())
    assert tokens.refresh_due() == []
    assert not tokens.refresh(connection)
    assert refreshes(simulator) == []


def test_a_refused_refresh_token_asks_for_a_reconnect(connect: Connect, simulator: Simulator) -> None:
    connection = connect()
    Connection.objects.update(token_expires_at=timezone.now() + timedelta(days=1))
    simulator.account("bouw").revoke_tokens()
    assert tokens.refresh_due() == [connection]
    stored = Connection.objects.get()
    assert stored.state == Connection.State.RECONNECT
    assert "connected again" in stored.state_reason
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
    assert Connection.objects.get().state_reason == ""


def test_a_refused_secret_stops_an_account_only_when_its_token_is_refused_too(
    connect: Connect, simulator: Simulator
) -> None:
    connection = connect()
    simulator.account("bouw").client_secret = "another"
    assert not tokens.refresh(connection)
    assert Connection.objects.get().is_connected
    assert not tokens.refresh_refused(connection)
    stored = Connection.objects.get()
    assert stored.state == connection.state == Connection.State.RECONNECT
    assert "client secret" in stored.state_reason


def test_without_a_refresh_token_the_token_serves_to_its_end(connect: Connect, simulator: Simulator) -> None:
    connection = connect()
    connection.refresh_token = ""
    connection.save()
    assert not tokens.refresh(connection)
    assert Connection.objects.get().is_connected
    assert not tokens.refresh_refused(connection)
    assert Connection.objects.get().state == Connection.State.RECONNECT
    assert refreshes(simulator) == []


def test_who_comes_late_takes_the_token_that_is_there(connect: Connect, simulator: Simulator) -> None:
    late = connect()
    assert tokens.refresh(Connection.objects.get())
    assert tokens.refresh_refused(late)
    assert late.access_token == Connection.objects.get().access_token
    assert refreshes(simulator) == [200]


def test_who_finds_another_at_work_waits_for_its_token(
    connect: Connect, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connect()
    other = Connection.objects.get()
    hold_lease(seconds=30)

    def finish(_seconds: float) -> None:
        Connection.objects.update(refresh_lease_until=None)
        assert tokens.refresh(other)

    monkeypatch.setattr(time, "sleep", finish)
    assert tokens.refresh(connection)
    assert connection.access_token == other.access_token
    assert refreshes(simulator) == [200]


def test_who_waits_too_long_tries_again_later(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connect()
    hold_lease(seconds=30)
    monkeypatch.setattr(tokens, "WAIT", 0.1)
    monkeypatch.setattr(tokens, "LOOK_EVERY", 0.05)
    with pytest.raises(Unavailable, match="still renewing"):
        tokens.refresh_refused(connection)
    assert Connection.objects.get().is_connected


@pytest.mark.parametrize("seconds", [-1, 3600], ids=["of a process that died", "from before the clock went back"])
def test_a_lease_that_means_nothing_is_taken_over(connect: Connect, seconds: int) -> None:
    connection = connect()
    hold_lease(seconds=seconds)
    assert tokens.refresh(connection)


def test_what_comes_after_a_reconnect_changes_nothing(
    connect: Connect, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connect()
    renew = token_endpoint.renew_token

    def reconnect_meanwhile(row: Connection) -> object:
        late = renew(row)
        Connection.objects.update(access_token="newest", token_version=7, refresh_lease_until=None)
        return late

    monkeypatch.setattr(tokens, "renew_token", reconnect_meanwhile)
    assert tokens.refresh(connection)
    assert Connection.objects.get().access_token == connection.access_token == "newest"


@pytest.mark.parametrize("is_refused", [False, True])
def test_what_comes_after_a_disconnect_changes_nothing(
    connect: Connect, simulator: Simulator, monkeypatch: pytest.MonkeyPatch, is_refused: bool
) -> None:
    connection = connect()
    if is_refused:
        simulator.account("bouw").revoke_tokens()
    renew = token_endpoint.renew_token

    def disconnect_meanwhile(row: Connection) -> object:
        Connection.objects.update(access_token="", token_version=7, state=Connection.State.DISCONNECTED)
        return renew(row)

    monkeypatch.setattr(tokens, "renew_token", disconnect_meanwhile)
    assert not tokens.refresh(connection)
    stored = Connection.objects.get()
    assert stored.state == Connection.State.DISCONNECTED
    assert stored.access_token == ""


def test_without_the_key_nothing_is_asked_and_the_account_stays(
    connect: Connect, simulator: Simulator, settings: Settings
) -> None:
    connection = Connection.objects.get(pk=connect().pk)
    settings.PORTAL_ENCRYPTION_KEYS = []
    with pytest.raises(NotConnected, match="encryption key"):
        tokens.require_readable(connection)
    assert not tokens.refresh(connection)
    assert refreshes(simulator) == []
    assert Connection.objects.get().is_connected


def hold_lease(*, seconds: float) -> None:
    with transaction.atomic():
        Connection.objects.update(refresh_lease_until=timezone.now() + timedelta(seconds=seconds))


PREPARE = """
from django.contrib.auth.models import User
from django.db import connection
from offorte_portal.models import Connection
with connection.schema_editor() as editor:
    editor.create_model(User)
    editor.create_model(Connection)
Connection.objects.create(
    account="bouw", client_id="bouw-client", client_secret="bouw-secret", access_token={access_token!r},
    refresh_token={refresh_token!r}, state="connected",
)
"""
REFRESH = """
import sys
from offorte_portal.models import Connection
from offorte_portal.oauth import token_endpoint
from offorte_portal.services import tokens
row = Connection.objects.get()
print("ready", flush=True)
sys.stdin.readline()
print(tokens.refresh_refused(row), row.access_token, flush=True)
"""


def start(script: str, database: Path, simulator: Simulator) -> "subprocess.Popen[str]":
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{database}",
        "OFFORTE_OAUTH_URL": simulator.oauth_url,
        "DJANGO_SETTINGS_MODULE": "offorte_portal.settings",
    }
    return subprocess.Popen(
        [sys.executable, "-c", f"import django\ndjango.setup()\n{script}"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_four_processes_with_a_refused_token_make_one_refresh(simulator: Simulator, tmp_path: Path) -> None:
    database = tmp_path / "portal.sqlite3"
    token = simulator.account("bouw").issue_token()
    preparation = start(PREPARE.format(**token), database, simulator)
    preparation.communicate(timeout=60)
    assert preparation.returncode == 0
    simulator.faults.add(Fault("slow", path="/oauth2/refresh-token", seconds=0.5))
    processes = [start(REFRESH, database, simulator) for _ in range(4)]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    answers = {process.communicate("go\n", timeout=60)[0] for process in processes}
    assert len(answers) == 1
    outcome, access_token = answers.pop().split()
    assert outcome == "True"
    assert accepts(simulator, access_token)
    assert refreshes(simulator) == [200]
