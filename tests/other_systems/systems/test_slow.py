"""Systems that answer too slowly: one deadline for a call, whatever it is made of, and no repetition."""

import socket
import time
from itertools import count
from typing import Any

import pytest
from pytest_django import Settings

from offorte_portal.http.client import Client
from offorte_portal.other_systems.systems import http as http_module
from offorte_portal.other_systems.systems.errors import TooSlow, Unavailable
from offorte_portal.other_systems.systems.http import Access, Http, NoAuth, post_for_token
from tests.http.servers import SLOW, Handler, drip_body, drip_headers, say, serve

AWAY = b"HTTP/1.1 503 Away\r\nContent-Length: 0\r\n\r\n"


def make(port: int, **options: Any) -> Http:
    return Http(f"http://127.0.0.1:{port}", Access(NoAuth()), **options)


@pytest.mark.parametrize("handle", SLOW)
def test_what_is_slow_is_cut_off_and_not_repeated(handle: Handler) -> None:
    begun = time.monotonic()
    with serve(handle) as port:
        http = make(port, call_seconds=0.4)
        with pytest.raises(TooSlow) as caught:
            http.get("/quotes")
        http.close()
    assert http.count == 1
    assert "slow" in str(caught.value)
    assert time.monotonic() - begun < 5


def test_repetitions_and_redirects_share_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[float] = []
    get = Client.get

    def note(client: Client, *args: Any, seconds: float, **options: Any) -> Any:
        left.append(seconds)
        return get(client, *args, seconds=seconds, **options)

    monkeypatch.setattr(Client, "get", note)
    for first in (AWAY, b"HTTP/1.1 302 Found\r\nLocation: /on\r\nContent-Length: 0\r\n\r\n"):
        numbers = count()

        def late(line: socket.socket, first: bytes = first, numbers: "count[int]" = numbers) -> None:
            if next(numbers):
                drip_headers(line)
            time.sleep(0.3)
            line.sendall(first)

        with serve(late) as port:
            http = make(port, call_seconds=4)
            begun = time.monotonic()
            with pytest.raises(TooSlow):
                http.download("/document")
            assert time.monotonic() - begun < 4 + 5
            assert http.count == 2
            assert left[-1] < left[-2] - 0.3
            http.close()


def test_there_is_no_pause_that_the_deadline_would_not_outlast() -> None:
    with serve(say(AWAY)) as port:
        http = make(port, call_seconds=0.3)
        with pytest.raises(Unavailable):
            http.get("/quotes")
        http.close()
    assert http.count == 1


def test_all_calls_together_have_a_limit_too() -> None:
    with serve(drip_body) as port:
        http = make(port, seconds=0.4, call_seconds=60)
        begun = time.monotonic()
        for _ in range(2):
            with pytest.raises(TooSlow):
                http.get("/quotes")
        http.close()
    assert time.monotonic() - begun < 5
    assert http.count <= 2


def test_the_setting_is_the_limit(settings: Settings) -> None:
    settings.SOURCE_CALL_SECONDS = 0.3
    with serve(drip_headers) as port:
        http = make(port)
        with pytest.raises(TooSlow):
            http.get("/quotes")
        http.close()


@pytest.mark.parametrize("handle", SLOW)
def test_a_token_is_not_waited_for_any_longer(handle: Handler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "TOKEN_SECONDS", 0.3)
    begun = time.monotonic()
    with serve(handle) as port, pytest.raises(TooSlow):
        post_for_token(f"http://127.0.0.1:{port}/token", NoAuth(), {})
    assert time.monotonic() - begun < 5
