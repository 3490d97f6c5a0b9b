"""How the web server's processes read requests and write answers: beside one another, and whole."""

import socket
from collections.abc import Iterator

import pytest
from gunicorn.config import Config

from offorte_portal.serving import limits
from offorte_portal.serving.client import CONTINUE, Client
from offorte_portal.serving.limits import RefusalError

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, Client]]:
    """Somebody's end of a line, and ours."""
    theirs, ours = socket.socketpair()
    ours.setblocking(False)
    client = Client(ours, None, ours, Config())
    yield theirs, client
    theirs.close()
    client.drop()


def test_a_request_is_whole_when_all_of_it_has_come(pair: tuple[socket.socket, Client]) -> None:
    theirs, client = pair
    for part in (b"POST / HT", HEAD[9:], b"content-length: 4\r\n\r\n", b"ab"):
        theirs.sendall(part)
        assert not client.receive()
    theirs.sendall(b"cd")
    assert client.receive()
    assert client.request.body.read() == b"abcd"


def test_without_a_body_the_head_is_all(pair: tuple[socket.socket, Client]) -> None:
    theirs, client = pair
    theirs.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert client.receive()


def test_chunks_end_with_an_empty_one(pair: tuple[socket.socket, Client]) -> None:
    theirs, client = pair
    theirs.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n")
    assert not client.receive()
    theirs.sendall(b"0\r\n\r\n")
    assert client.receive()


def test_who_asks_whether_to_go_on_is_told_so_at_once(pair: tuple[socket.socket, Client]) -> None:
    theirs, client = pair
    theirs.sendall(HEAD + b"Content-Length: 3\r\nExpect: 100-continue\r\n\r\n")
    assert not client.receive()
    assert theirs.recv(100) == CONTINUE
    theirs.sendall(b"abc")
    assert client.receive()
    assert client.send(CONTINUE) == len(CONTINUE)
    theirs.setblocking(False)
    with pytest.raises(BlockingIOError):
        theirs.recv(100)


def test_who_hangs_up_in_the_middle_is_not_waited_for(pair: tuple[socket.socket, Client]) -> None:
    theirs, client = pair
    theirs.sendall(HEAD)
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(RefusalError):
        client.receive()


def test_who_hangs_up_without_a_word_gets_no_answer(pair: tuple[socket.socket, Client]) -> None:
    theirs, client = pair
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(ConnectionResetError):
        client.receive()


def test_an_answer_is_kept_for_who_reads_slowly(pair: tuple[socket.socket, Client]) -> None:
    theirs, client = pair
    answer = bytes(range(256)) * 8192
    client.sendall(answer[:1_000_000])
    client.sendall(answer[1_000_000:])
    received = b""
    while len(received) < len(answer):
        received += theirs.recv(100_000)
        client.write_on()
    assert client.write_on()
    assert received == answer


def test_who_does_nothing_is_dropped_after_a_while(pair: tuple[socket.socket, Client]) -> None:
    _, client = pair
    assert not client.is_overdue(client.moved + limits.IDLE - 1)
    assert client.is_overdue(client.moved + limits.IDLE + 1)
    client.moved = client.began + limits.LONGEST
    assert client.is_overdue(client.began + limits.LONGEST + 1)


def test_a_large_request_is_kept_in_a_file(pair: tuple[socket.socket, Client]) -> None:
    theirs, client = pair
    body = bytes(range(256)) * 4096  # 1 MiB
    left = HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body
    while left:
        left = left[theirs.send(left[:60_000]) :]
        is_whole = client.receive()
        assert is_whole == (not left)
    assert client.on_disk == len(body)
    assert client.request.body.read() == body
    client.forget_request()
    assert client.on_disk == 0
