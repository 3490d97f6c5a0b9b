"""Where a request ends: the front and gunicorn agree, or the request is refused. Raw lines to a real process."""

import pytest

from tests.serving.server import HOST, ask, connect, read_answer

POST = b"POST /x HTTP/1.1\r\n" + HOST
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
GET = b"GET /second HTTP/1.1\r\n" + HOST + b"\r\n"


@pytest.mark.parametrize(
    ("body", "length"),
    [
        (b"0\r\n\r\n", 0),
        (b"5\r\nabcde\r\n0\r\n\r\n", 5),
        (b"5\r\nabcde\r\n0\r\nX-Sum: 1\r\nX-Other: 2\r\n\r\n", 5),
        (b'5;name=value;other="a;b"\r\nabcde\r\n0;last\r\n\r\n', 5),
        (b"5\r\n0\r\n\r\n\r\n0\r\n\r\n", 5),
        (b"a\r\n0123456789\r\nA\r\n0123456789\r\n00\r\n\r\n", 20),
        (b"000a\r\n0123456789\r\n0\r\n\r\n", 10),
    ],
)
@pytest.mark.parametrize("piece", [1, 7, 1000])
def test_a_body_in_chunks_is_read_to_its_end(echo: int, body: bytes, length: int, piece: int) -> None:
    parts = [body[at : at + piece] for at in range(0, len(body), piece)]
    answer = ask(echo, CHUNKED, *parts)
    assert (answer.status, answer.told["length"]) == (200, length)
    assert (answer.told["announced"], answer.told["coding"]) == (str(length), None)


@pytest.mark.parametrize(
    "body",
    [
        b"x\r\n",
        b"\r\n",
        b"-1\r\n",
        b"+5\r\nabcde\r\n0\r\n\r\n",
        b"0x5\r\nabcde\r\n0\r\n\r\n",
        b"5 \r\nabcde\r\n0\r\n\r\n",
        b" 5\r\nabcde\r\n0\r\n\r\n",
        b"5_0\r\n",
        b"5\nabcde\r\n0\r\n\r\n",
        b"5\r\nabcdeXX0\r\n\r\n",
        b"5\r\nabcde\n0\r\n\r\n",
        b"5\r\nabcde0\r\n\r\n",
        b"5;\r\nabcde\r\n0\r\n\r\n",
        b"5;a\rb\r\nabcde\r\n0\r\n\r\n",
        b"5;a=\x01\r\nabcde\r\n0\r\n\r\n",
        b"5;" + b"a" * 10_000,
        b"f" * 17 + b"\r\n",
        b"0\r\nno colon\r\n\r\n",
        b"0\r\nX : 1\r\n\r\n",
        b"0\r\n folded: 1\r\n\r\n",
        b"0\r\nX: 1\n\r\n",
        b"0\r\nX: \x00\r\n\r\n",
        b"0\r\n" + b"X: 1\r\n" * 5_000,
        b"0\r\nX: " + b"1" * 20_000,
        (b"1;" + b"a" * 200 + b"\r\nx\r\n") * 8_000,
    ],
)
def test_a_broken_body_is_refused_at_once(echo: int, body: bytes) -> None:
    assert ask(echo, CHUNKED, body).status == 400


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400),
        (b"Content-Length: 5\r\nContent-Length: 5\r\n", 400),
        (b"Content-Length: 5\r\nContent-Length: 6\r\n", 400),
        (b"Content-Length: 5, 5\r\n", 400),
        (b"Content-Length: -5\r\n", 400),
        (b"Content-Length: +5\r\n", 400),
        (b"Content-Length: 0x5\r\n", 400),
        (b"Content-Length: 5 5\r\n", 400),
        (b"Content-Length: \xb2\r\n", 400),
        (b"Content-Length: five\r\n", 400),
        (b"Content-Length:\r\n", 400),
        (b"Content-Length: " + b"9" * 5_000 + b"\r\n", 400),
        (b"Content-Length : 5\r\n", 400),
        (b"Content-Length: 5\r\n 5\r\n", 400),
        (b"X: y\r\n Content-Length: 5\r\n", 400),
        (b" Content-Length: 5\r\n", 400),
        (b"Content-Length\r\n", 400),
        (b"X: y\nContent-Length: 5\r\n", 400),
        (b"X: y\rContent-Length: 5\r\n", 400),
        (b"X: y\x00\r\n", 400),
        (b"Transfer-Encoding: xchunked\r\n", 501),
        (b"Transfer-Encoding: chunked, chunked\r\n", 400),
        (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400),
        (b"Transfer-Encoding: chunked, identity\r\n", 400),
        (b"Transfer-Encoding: identity, chunked\r\n", 501),
        (b"Transfer-Encoding: gzip, chunked\r\n", 501),
        (b"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", 501),
        (b"Transfer-Encoding: \x0bchunked\r\n", 400),
        (b"Transfer-Encoding : chunked\r\n", 400),
        (b"Transfer-Encoding:\r\n chunked\r\n", 400),
        (b"Transfer-Encoding: gzip\r\n", 400),
        (b"Expect: 200-ok\r\n", 417),
    ],
)
def test_a_head_that_may_be_read_in_two_ways_is_refused(echo: int, head: bytes, status: int) -> None:
    assert ask(echo, POST + head + b"\r\n" + b"0\r\n\r\n" + GET).status == status


def test_chunks_are_of_a_later_version_than_1_0(echo: int) -> None:
    head = POST.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n"
    assert ask(echo, head + b"0\r\n\r\n").status == 400


@pytest.mark.parametrize("data", [b"GET / HTTP/1.1\nHost: x\n\n", b"\n", b"GET / HTTP/1.1\r\nHost: x\n", b"\r\n\r\n"])
def test_a_line_that_ends_in_another_way_is_refused_at_once(echo: int, data: bytes) -> None:
    assert ask(echo, data).status == 400


@pytest.mark.parametrize("name", [b"Content_Length", b"Transfer_Encoding", b"SCRIPT_NAME", b"PATH_INFO"])
def test_a_name_with_an_underscore_means_nothing(echo: int, name: bytes) -> None:
    answer = ask(echo, POST + name + b": /x\r\nContent-Length: 3\r\n\r\nabc")
    assert (answer.status, answer.told["path"], answer.told["length"]) == (200, "/x", 3)


@pytest.mark.parametrize(
    "first",
    [
        GET.replace(b"second", b"x"),
        POST + b"Content-Length: 3\r\n\r\nabc",
        CHUNKED + b"3\r\nabc\r\n0\r\n\r\n",
        CHUNKED + b"3\r\nabc\r\n0\r\nX: 1\r\n\r\n",
    ],
)
def test_of_pipelined_requests_only_the_first_is_answered(echo: int, first: bytes) -> None:
    answer = ask(echo, first + GET + GET)
    assert (answer.status, answer.told["path"]) == (200, "/x")
    assert answer.told["length"] == (0 if first.startswith(b"GET") else 3)
    assert b"connection: close" in answer.head.lower()
    assert b"HTTP/1.1" not in answer.body


def test_an_empty_line_before_the_request_is_let_through(echo: int) -> None:
    assert ask(echo, b"\r", b"\n", POST, b"Content-Length: 3\r\n\r", b"\na", b"bc").told["length"] == 3


@pytest.mark.parametrize(
    "data", [POST, POST + b"Content-Length: 9\r\n\r\nabc", CHUNKED + b"9\r\nabc", CHUNKED + b"3\r\nabc\r\n0\r\n"]
)
def test_a_request_that_ends_before_it_is_whole_is_refused(echo: int, data: bytes) -> None:
    with connect(echo, data) as line:
        line.shutdown(1)
        assert read_answer(line).status == 400
