"""Servers on this machine that answer as no decent one would."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Handler = Callable[[socket.socket], None]


@contextmanager
def serve(handle: Handler, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """Give every connection to `handle`, in a thread of its own; yields the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    is_over = threading.Event()

    def accept() -> None:
        while not is_over.is_set():
            with suppress(OSError):
                connection, _ = listener.accept()
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

    def answer(connection: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(connection, server_side=True) if context else connection as line:
            line.recv(65536)
            handle(line)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        is_over.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def say(text: str | bytes, *, hold: float = 0.0) -> Handler:
    """Answer so, and close after so many seconds."""
    content = text.encode() if isinstance(text, str) else text

    def answer(line: socket.socket) -> None:
        line.sendall(content)
        time.sleep(hold)

    return answer


def drip(line: socket.socket, begin: bytes, drop: bytes) -> None:
    """Answer a little every now and then, for a minute."""
    line.sendall(b"HTTP/1.1 200 OK\r\n" + begin)
    for _ in range(1200):
        line.sendall(drop)
        time.sleep(0.05)


def drip_headers(line: socket.socket) -> None:
    """Answer without an end of the headers."""
    drip(line, b"", b"X-More: 1\r\n")


def drip_body(line: socket.socket) -> None:
    """Answer a body a byte at a time."""
    drip(line, b"Content-Length: 10000\r\n\r\n", b"x")


def drip_without_a_length(line: socket.socket) -> None:
    """Answer a body that ends with its connection."""
    drip(line, b"\r\n", b"x")


def say_nothing(line: socket.socket) -> None:
    """Take the question, and leave it."""
    while line.recv(65536):
        pass


SLOW = [drip_headers, drip_body, drip_without_a_length, say_nothing]


def ok(body: bytes, *headers: str) -> bytes:
    """A whole answer."""
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
