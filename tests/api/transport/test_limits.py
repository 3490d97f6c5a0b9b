"""Too many requests, and too long an answer."""

from collections.abc import Callable

import pytest

from offorte_portal.api import transport as transport_module
from offorte_portal.api.errors import MalformedAnswer, OutcomeUnknown, RateLimited
from offorte_portal.api.transport import Answer, Transport
from offorte_portal.simulator import Fault
from tests.api.conftest import RecordingGate, World
from tests.api.transport.calls import NEW_COMPANY, get, post


@pytest.mark.parametrize("call", [get, post])
@pytest.mark.parametrize("retry_after", [None, 3])
def test_too_many_requests_pause_the_account(
    world: World, call: Callable[[World], Answer], retry_after: float | None
) -> None:
    world.simulator.faults.add(Fault("rate_limited", retry_after=retry_after))

    with pytest.raises(RateLimited) as caught:
        call(world)

    assert caught.value.retry_after == retry_after
    assert world.gate.pauses == [retry_after]
    assert len(world.sent) == 1


class ClosedGate(RecordingGate):
    def acquire(self) -> None:
        raise RateLimited(retry_after=9)


def test_a_closed_gate_lets_nothing_through(world: World) -> None:
    gate = ClosedGate()
    transport = Transport(world.simulator.api_url.format(account="bouw"), world.session, gate)

    with pytest.raises(RateLimited) as caught:
        transport.request("GET", "/companies")

    assert caught.value.retry_after == 9
    assert world.sent == []
    assert gate.pauses == []


def test_an_endless_answer_is_cut_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport_module, "MAX_ANSWER_BYTES", 100)

    with pytest.raises(MalformedAnswer, match="answer_too_long"):
        get(world)
    with pytest.raises(OutcomeUnknown):
        world.transport.request("PATCH", f"/companies/{min(world.account.companies)}/", json=NEW_COMPANY)
