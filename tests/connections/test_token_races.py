"""A token is renewed once, by whichever process comes first, and never replaced by an older one."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from offorte_portal import ports
from offorte_portal.api.errors import Unavailable
from offorte_portal.connections import tokens
from offorte_portal.connections.models import Connection
from offorte_portal.connections.oauth import token_endpoint
from offorte_portal.runs import lease
from offorte_portal.simulator import Fault, Simulator
from tests.connections.renewals import accepts, refreshes
from tests.support.clock import Clock
from tests.support.processes import environment

pytestmark = pytest.mark.django_db
Connect = Callable[..., Connection]


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

    def finish(_clock: ports.Clock, _seconds: float) -> None:
        Connection.objects.update(refresh_lease_until=None)
        assert tokens.refresh(other)

    monkeypatch.setattr(ports.Clock, "sleep", finish)
    assert tokens.refresh(connection)
    assert connection.access_token == other.access_token
    assert refreshes(simulator) == [200]


def test_who_waits_too_long_tries_again_later(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connect()
    hold_lease(seconds=30)
    monkeypatch.setattr(tokens, "WAIT", 0.1)
    monkeypatch.setattr(tokens, "LOOK_EVERY", 0.05)
    with pytest.raises(Unavailable, match="still_renewing"):
        tokens.refresh_refused(connection)
    assert Connection.objects.get().is_connected


@pytest.mark.parametrize("seconds", [-1, 3600], ids=["of a process that died", "from before the clock went back"])
def test_a_lease_that_means_nothing_is_taken_over(connect: Connect, seconds: int) -> None:
    connection = connect()
    hold_lease(seconds=seconds)
    assert tokens.refresh(connection)


def test_a_clock_that_was_just_set_takes_no_lease_over(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connect()
    hold_lease(seconds=30)
    monkeypatch.setattr(tokens, "WAIT", 0.1)
    monkeypatch.setattr(tokens, "LOOK_EVERY", 0.05)
    lease._clock.forget()
    with monkeypatch.context() as patch:
        patch.setattr(ports, "clock", Clock(timezone.now() + timedelta(hours=1)))
        with pytest.raises(Unavailable, match="still_renewing"):
            tokens.refresh_refused(connection)
    lease._clock.forget()


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


def hold_lease(*, seconds: float) -> None:
    with transaction.atomic():
        Connection.objects.update(refresh_lease_until=timezone.now() + timedelta(seconds=seconds))


REFRESH = """
import sys
import django
django.setup()
from offorte_portal.connections.models import Connection
from offorte_portal.connections.oauth import token_endpoint
from offorte_portal.connections import tokens
row = Connection.objects.get()
print("ready", flush=True)
sys.stdin.readline()
print(tokens.refresh_refused(row), row.access_token, flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_four_processes_with_a_refused_token_make_one_refresh(connect: Connect, simulator: Simulator) -> None:
    connect()
    simulator.faults.add(Fault("slow", path="/oauth2/refresh-token", seconds=0.5))
    processes = [start_to_refresh(simulator) for _ in range(4)]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    answers = {process.communicate("go\n", timeout=60)[0] for process in processes}
    assert len(answers) == 1
    outcome, access_token = answers.pop().split()
    assert outcome == "True"
    assert accepts(simulator, access_token)
    assert refreshes(simulator) == [200]


def start_to_refresh(simulator: Simulator) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", REFRESH],
        env=environment(simulator),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
