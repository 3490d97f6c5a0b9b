"""Offorte is away, answers wrongly or lets nobody in: the run waits, or ends with a reason."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from offorte_portal.connections.models import Connection
from offorte_portal.runs import tries
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.simulator import Fault, Simulator
from offorte_portal.sync import work
from offorte_portal.sync.models import SyncRun
from tests.sync.comparison import assert_mirrored
from tests.sync.failures.runs import advance_to_the_end, start

pytestmark = pytest.mark.django_db(transaction=True)
Connect = Callable[..., Connection]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("error_500", path=".*", after=3, times=4),
        Fault("unavailable_503_html", path=".*", after=2, times=8),
        Fault("drop_before", path=".*", after=2, times=5),
        Fault("drop_after", path=".*", after=2, times=5),
        Fault("malformed_json", path="/companies.*", times=1),
        Fault("html_200", path="/proposals.*", after=2, times=2),
        Fault("empty_body", path="/settings/.*", times=1),
        Fault("rate_limited", path=".*", after=4, times=2, retry_after=1),
        Fault("redirect", path="/account/users/", times=1, location="https://example.com/"),
        Fault("unknown_field", path=".*", times=None, name="novelty"),
    ],
    ids=lambda fault: fault.kind,
)
def test_passing_trouble_is_waited_out(simulator: Simulator, connect: Connect, fault: Fault) -> None:
    connection = connect()
    simulator.faults.add(fault)
    run = advance_to_the_end(start(connection))
    assert (run.state, run.reason) == (SyncRun.State.DONE, None)
    simulator.faults.clear()
    if fault.kind != "unknown_field":
        assert_mirrored(simulator.account("bouw"), connection)


def test_an_outage_ends_the_run_with_its_reason(simulator: Simulator, connect: Connect) -> None:
    simulator.faults.add(Fault("unavailable_503_html", times=None))
    run = advance_to_the_end(start(connect()))
    assert run.state == SyncRun.State.FAILED
    assert "Offorte" in put_into_words(run.reason)


def test_a_waiting_run_says_why_and_when_it_goes_on(
    simulator: Simulator, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "FIRST_PAUSE", 30)
    monkeypatch.setattr(tries, "LONGEST_PAUSE", 900)
    simulator.faults.add(Fault("unavailable_503_html", times=None))
    run = start(connect())
    assert work.advance(run.pk) == 30
    run.refresh_from_db()
    assert (run.state, run.failures) == (SyncRun.State.WAITING, 1)
    assert run.reason
    assert run.retry_at
    assert timedelta(seconds=20) < run.retry_at - timezone.now() < timedelta(seconds=31)
    assert work.advance(run.pk) is None


def test_a_revoked_token_ends_the_run_and_asks_to_reconnect(simulator: Simulator, connect: Connect) -> None:
    connection = connect()
    simulator.account("bouw").revoke_tokens()
    run = advance_to_the_end(start(connection))
    connection.refresh_from_db()
    assert run.state == SyncRun.State.FAILED
    assert run.reason
    assert connection.state == Connection.State.RECONNECT


def test_an_account_that_is_not_connected_fails_at_once(simulator: Simulator, connect: Connect) -> None:
    connection = connect()
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    run = advance_to_the_end(start(connection))
    assert (run.state, simulator.requests) == (SyncRun.State.FAILED, [])
