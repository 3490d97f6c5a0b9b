"""An Offorte that answers too slowly: a call ends in time, whatever it was made of."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest
import requests

import offorte_portal.api.transport
from offorte_portal.api.errors import OutcomeUnknown, TimedOut, Unavailable
from offorte_portal.api.transport import Transport
from tests.api.conftest import RecordingGate
from tests.api.transport.calls import NEW_COMPANY
from tests.http.servers import SLOW, Handler, drip_body, say, serve


@contextmanager
def transport_to(handle: Handler, *, deadline: float, gate: RecordingGate | None = None) -> Iterator[Transport]:
    with serve(handle) as port:
        gate = gate or RecordingGate()
        transport = Transport(f"http://127.0.0.1:{port}", requests.Session(), gate, deadline=deadline)
        yield transport
        transport.close()


@pytest.mark.parametrize("handle", SLOW)
def test_a_slow_answer_is_cut_off_and_not_asked_for_again(handle: Handler) -> None:
    gate = RecordingGate()
    begun = time.monotonic()
    with transport_to(handle, deadline=0.4, gate=gate) as transport, pytest.raises(TimedOut):
        transport.request("GET", "/companies")
    assert time.monotonic() - begun < 5
    assert gate.acquired == 1  # counted here: on a busy machine the deadline can pass before the server has read


def test_a_write_without_an_answer_in_time_may_have_been_done() -> None:
    with transport_to(drip_body, deadline=0.4) as transport, pytest.raises(OutcomeUnknown):
        transport.request("POST", "/companies/", json=NEW_COMPANY)


def test_nothing_is_repeated_beyond_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offorte_portal.api.transport, "BACKOFF", (0.01, 60))
    numbers = count(1)

    def answer(line: socket.socket) -> None:
        next(numbers)
        say(b"HTTP/1.1 503 Away\r\nContent-Length: 0\r\n\r\n")(line)

    with transport_to(answer, deadline=20) as transport, pytest.raises(Unavailable) as caught:
        transport.request("GET", "/companies")
    assert caught.value.status == 503
    assert next(numbers) == 3


class SlowGate(RecordingGate):
    def acquire(self) -> None:
        super().acquire()
        time.sleep(0.4)


def test_a_turn_that_comes_too_late_is_not_used() -> None:
    gate = SlowGate()
    transport = Transport("http://127.0.0.1:9", requests.Session(), gate, deadline=0.2)
    with pytest.raises(TimedOut) as caught:
        transport.request("POST", "/companies/", json=NEW_COMPANY)
    assert caught.value.is_undone
    assert gate.acquired == 1


def test_a_proxy_of_the_environment_is_no_way_around(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(drip_body) as port:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        transport = Transport("http://offorte.invalid", requests.Session(), RecordingGate(), deadline=0.4)
        begun = time.monotonic()
        with pytest.raises(TimedOut):
            transport.request("GET", "/companies")
        transport.close()
    assert time.monotonic() - begun < 5
