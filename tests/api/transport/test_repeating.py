"""What is sent again after a failure, and what never is because it may have arrived."""

from itertools import pairwise

import pytest
import requests

from offorte_portal.api.errors import OutcomeUnknown, TimedOut, Unavailable
from offorte_portal.api.transport import Transport
from offorte_portal.simulator import Fault
from offorte_portal.text.reason import Reason
from tests.api.conftest import RecordingGate, World
from tests.api.transport.calls import NEW_COMPANY, closed_port, get, post


@pytest.mark.parametrize(
    "fault",
    [
        Fault("error_500"),
        Fault("status", status=502),
        Fault("unavailable_503_html"),
        Fault("status", status=504),
        Fault("drop_before"),
        Fault("drop_after"),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}",
)
def test_a_read_is_repeated_twice(world: World, fault: Fault) -> None:
    fault.times = 2
    world.simulator.faults.add(fault)

    assert get(world).status == 200

    assert world.sent == ["GET /companies"] * 3
    assert world.gate.acquired == 3
    assert len(world.slept) == 2
    assert all(0.5 <= pause <= 2.25 for pause in world.slept)
    assert all(first < second for first, second in pairwise(world.slept))


@pytest.mark.parametrize("kind", ["error_500", "drop_before", "drop_after"])
def test_a_read_is_given_up_in_the_end(world: World, kind: str) -> None:
    world.simulator.faults.add(Fault(kind, times=None))  # type: ignore[arg-type]

    with pytest.raises(Unavailable) as caught:
        get(world)

    assert caught.value.requested_at is not None
    assert caught.value.status == (500 if kind == "error_500" else None)
    assert len(world.sent) == 3


def test_the_moment_is_that_of_the_last_attempt(world: World) -> None:
    world.simulator.faults.add(Fault("error_500"))

    answer = get(world)

    first, second = world.simulator.requests
    assert first.at < answer.requested_at.timestamp() <= second.at


@pytest.mark.parametrize("status", [501, 505, 507])
def test_other_server_errors_are_not_repeated(world: World, status: int) -> None:
    world.simulator.faults.add(Fault("status", status=status))

    with pytest.raises(Unavailable):
        get(world)

    assert len(world.sent) == 1


def test_a_slow_read_is_not_repeated(impatient_world: World) -> None:
    impatient_world.simulator.faults.add(Fault("slow", seconds=60))

    with pytest.raises(TimedOut) as caught:
        get(impatient_world)

    assert caught.value.can_retry
    assert impatient_world.gate.acquired == 1


def test_a_slow_write_is_neither_repeated_nor_failed(impatient_world: World) -> None:
    impatient_world.simulator.faults.add(Fault("slow", seconds=60))

    with pytest.raises(OutcomeUnknown) as caught:
        post(impatient_world)

    assert not caught.value.can_retry
    assert impatient_world.gate.acquired == 1
    assert impatient_world.slept == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault("error_500"),
        Fault("status", status=502),
        Fault("status", status=504),
        Fault("drop_before"),
        Fault("drop_after"),
        Fault("malformed_json"),
        Fault("html_200"),
        Fault("redirect"),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}",
)
def test_a_write_that_may_have_arrived_is_not_repeated(world: World, fault: Fault) -> None:
    world.simulator.faults.add(fault)

    with pytest.raises(OutcomeUnknown) as caught:
        post(world)

    assert not caught.value.can_retry
    assert caught.value.requested_at is not None
    assert caught.value.__suppress_context__
    assert world.gate.acquired == 1
    assert world.slept == []


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_changes_and_deletions_are_writes(world: World, method: str) -> None:
    world.simulator.faults.add(Fault("drop_after"))

    with pytest.raises(OutcomeUnknown):
        world.transport.request(method, f"/companies/{min(world.account.companies)}/", json=NEW_COMPANY)

    assert len(world.sent) == 1


def test_maintenance_did_nothing_and_a_write_may_go_out_later(world: World) -> None:
    world.simulator.faults.add(Fault("unavailable_503_html"))

    with pytest.raises(Unavailable) as caught:
        post(world)

    assert (caught.value.status, caught.value.is_undone, caught.value.can_retry) == (503, True, True)
    assert len(world.sent) == 1


def test_a_write_that_is_said_to_be_safe_is_repeated(world: World) -> None:
    world.simulator.faults.add(Fault("drop_after"))
    path = f"/companies/{min(world.account.companies)}/"

    world.transport.request("PATCH", path, json=NEW_COMPANY, is_safe_to_repeat=True)

    assert world.sent == [f"PATCH {path}"] * 2


def test_a_read_that_is_said_to_be_unsafe_is_not_repeated(world: World) -> None:
    world.simulator.faults.add(Fault("drop_after"))

    with pytest.raises(OutcomeUnknown):
        world.transport.request("GET", "/companies", is_safe_to_repeat=False)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_was_certainly_not_sent_is_repeated(method: str) -> None:
    gate, slept = RecordingGate(), list[float]()
    transport = Transport(f"http://127.0.0.1:{closed_port()}", requests.Session(), gate, sleep=slept.append)

    with pytest.raises(Unavailable) as caught:
        transport.request(method, "/companies")

    assert caught.value.is_undone
    assert caught.value.reason == Reason("api.unavailable")
    assert gate.acquired == 3
    assert len(slept) == 2
