"""How much a stranger may send, and how many of them: raw lines to a real process."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import pytest
from django.conf import settings
from django.urls import reverse

from offorte_portal.serving import limits
from tests.journeys.processes import wait_until
from tests.serving.server import HOST, Answer, ask, connect, kept_on_disk, read_answer

SMALL = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
COOKIE = b"Cookie: a=b; sessionid=x\r\n"
PIECE = b"x" * 65536


def post(path: str, length: int, *more: bytes) -> bytes:
    return f"POST {path} HTTP/1.1\r\nContent-Length: {length}\r\n".encode() + HOST + b"".join(more) + b"\r\n"


def send(port: int, head: bytes, length: int) -> Answer:
    """Post a body of so many bytes, all of it before the answer is read."""
    with connect(port, head) as line:
        for _ in range(length // len(PIECE)):
            line.sendall(PIECE)
        line.sendall(b"x" * (length % len(PIECE)))
        return read_answer(line)


@pytest.fixture
def lines(echo: int) -> Iterator[Callable[..., socket.socket]]:
    """Opens lines to the server that are closed in the end, and waits until it knows that."""
    with ExitStack() as stack:
        yield lambda data, room=0: stack.enter_context(connect(echo, data, room=room))
    wait_until(lambda: ask(echo, post("/x", 1), b"x").status == 200, seconds=20)


@pytest.mark.parametrize(
    ("path", "more", "most"),
    [
        ("/", b"", SMALL),
        ("/webhooks/offorte/secret/", b"", SMALL),
        ("/webhooks/offorte/secret/", COOKIE, SMALL),
        (reverse("upload_new", args=["companies"]), b"", SMALL),
        (reverse("upload_new", args=["companies"]), b"Cookie: other=sessionid\r\n", SMALL),
        (reverse("upload_new", args=["companies"]), COOKIE, limits.MOST_WITH_FILE),
        (reverse("compose_many"), COOKIE, limits.MOST_WITH_FILE),
        ("/jobs/", COOKIE, SMALL),
    ],
)
def test_large_bodies_are_for_signed_in_uploads_only(echo: int, path: str, more: bytes, most: int) -> None:
    answer = send(echo, post(path, most, more), most)
    assert (answer.status, answer.told["length"]) == (200, most)
    answer = send(echo, post(path, most + 1, more), most + 1)
    assert answer.status == 413
    assert b"Send at most" in answer.body


def test_a_body_in_chunks_may_not_become_larger(echo: int) -> None:
    chunk = b"10000\r\n" + PIECE + b"\r\n"
    head = b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + HOST + b"\r\n"
    many = SMALL // len(PIECE)
    assert ask(echo, head, chunk * many, b"0\r\n\r\n").told["length"] == SMALL
    assert ask(echo, head, chunk * many, b"1\r\nx\r\n0\r\n\r\n").status == 413


def test_who_sends_far_too_much_hears_why_not_when_all_is_sent(echo: int) -> None:
    assert send(echo, post("/x", 100 * 1024**2), 100 * 1024**2).status == 413


def test_nobody_is_asked_to_go_on_with_what_is_too_large(echo: int) -> None:
    assert ask(echo, post("/x", SMALL + 1, b"Expect: 100-continue\r\n")).status == 413


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"X: " + b"y" * 7_000 + b"\r\n", 200),
        (b"X: " + b"y" * 9_000 + b"\r\n", 431),
        (b"X: y\r\n" * 90, 200),
        (b"X: y\r\n" * 101, 431),
        ((b"X: " + b"y" * 7_000 + b"\r\n") * 10, 431),
    ],
)
def test_a_head_is_bounded(echo: int, head: bytes, status: int) -> None:
    assert ask(echo, b"GET /x HTTP/1.1\r\n" + HOST + head + b"\r\n").status == status


def test_a_head_without_end_is_refused(echo: int) -> None:
    assert ask(echo, b"GET /" + b"x" * limits.MOST_HEAD).status == 431


def test_all_clients_together_keep_a_bounded_number_of_bytes(echo: int, lines: Callable[..., socket.socket]) -> None:
    most = limits.MOST_WITH_FILE
    head = post(reverse("compose_many"), most, COOKIE)
    halves = [lines(head) for _ in range(limits.MOST_ON_DISK // most + 2)]
    for line in halves:
        for _ in range(most // len(PIECE) - 1):
            line.sendall(PIECE)
    refused = []
    for line in halves:
        line.settimeout(0.5)
        with suppress(TimeoutError):
            refused.append(read_answer(line))
    assert [answer.status for answer in refused] == [503, 503]
    assert all(b"Retry-After" in answer.head for answer in refused)
    assert limits.MOST_ON_DISK / 2 < kept_on_disk(echo) <= limits.MOST_ON_DISK
    assert ask(echo, post("/x", 1000), b"x" * 1000).status == 200
    kept = next(line for line in halves if is_open(line))
    kept.sendall(PIECE)
    kept.settimeout(20)
    assert read_answer(kept).told["length"] == most


def is_open(line: socket.socket) -> bool:
    """Whether the server has not hung up."""
    line.settimeout(0.1)
    try:
        return bool(line.recv(1))
    except TimeoutError:
        return True
    except OSError:
        return False


def test_unread_answers_keep_a_bounded_number_of_bytes(echo: int, lines: Callable[..., socket.socket]) -> None:
    request = b"GET /large HTTP/1.1\r\n" + HOST + b"\r\n"
    waiting = [lines(request, room=2048) for _ in range(6 * limits.MOST_ON_DISK // 3_000_000)]
    for line in waiting:
        assert line.recv(10).startswith(b"HTTP/1.1")
    assert limits.MOST_ON_DISK / 2 < kept_on_disk(echo) <= limits.MOST_ON_DISK
    assert len(ask(echo, request).body) == 3_000_000


def test_a_crowd_pushes_out_its_own_and_nobody_else(echo: int, lines: Callable[..., socket.socket]) -> None:
    head = b"GET /x HTTP/1.1\r\n"
    with socket.socket() as other:
        other.bind(("127.0.0.2", 0))
        other.connect(("127.0.0.1", echo))
        other.sendall(head)
        crowd = [lines(head) for _ in range(limits.MOST_CLIENTS + 20)]
        assert ask(echo, head + HOST + b"\r\n").status == 200
        assert not is_open(crowd[0])
        assert is_open(crowd[-1])
        other.settimeout(20)
        other.sendall(HOST + b"\r\n")
        assert read_answer(other).status == 200
