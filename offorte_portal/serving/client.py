"""A client of the worker: its connection, its request and its answer."""

import re
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from tempfile import SpooledTemporaryFile, TemporaryFile
from typing import IO, Any

from gunicorn.http.message import Request
from gunicorn.http.unreader import SocketUnreader

from offorte_portal import ports
from offorte_portal.serving import limits
from offorte_portal.serving.chunks import Chunks
from offorte_portal.serving.limits import IN_MEMORY, RefusalError, broken

PIECE = 64 * 1024
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_BARE = re.compile(rb"(?<!\r)\n")


@dataclass(eq=False)
class Client:
    """A client's connection, with its request and its answer. gunicorn uses it as a socket that never blocks.

    `request` is gunicorn's, set once the head has come; the body is read from it once it is complete.
    """

    line: socket.socket
    address: Any
    listener: socket.socket
    cfg: Any
    began: float = field(default_factory=ports.monotonic)
    moved: float = field(default_factory=ports.monotonic)
    request: Any = None
    is_answered: bool = False
    closed_at: float = 0.0
    _head: bytearray = field(default_factory=bytearray)
    _need: int = 0
    _most: int = 0
    _chunks: Chunks | None = None
    _in: IO[bytes] = field(default_factory=BytesIO)
    _received: int = 0
    _out: IO[bytes] | None = None
    _written: int = 0
    _unsent: int = 0

    @property
    def host(self) -> str:
        """The client's address without its port; the same for all that come through one proxy or socket file."""
        return str(self.address[0]) if isinstance(self.address, tuple) else ""

    @property
    def on_disk(self) -> int:
        """The number of bytes of its request and its answer that are kept in files."""
        return sum(size for size in (self._received, self._written) if size > IN_MEMORY)

    def receive(self) -> bool:
        """Read what has come; return whether the request is complete.

        Raises OSError where the connection is lost, RefusalError where the request is refused, or what gunicorn's
        parser raises for an invalid head.
        """
        while not self._is_whole():
            try:
                data = self.line.recv(PIECE)
            except BlockingIOError:
                return False
            if not data:
                if not self._head:
                    raise ConnectionResetError
                raise broken("The request ended before it was whole.")
            self.moved = ports.monotonic()
            if self.request is None:
                data = self._take_head(data)
            if self.request is not None:
                self._take_body(data)
        self._in.seek(0)
        return True

    def _take_head(self, data: bytes) -> bytes:
        """Add to the head, and parse it once it is complete; return the bytes of the body that came with it."""
        seen = max(0, len(self._head) - 3)
        self._head += data
        end = self._head.find(b"\r\n\r\n", seen)
        end = len(self._head) if end < 0 else end + 4
        if _BARE.search(self._head, seen, end):
            raise broken("A line of the request's head doesn't end with CRLF.")
        if end > limits.MOST_HEAD:
            text = "The request's head is too long."
            raise RefusalError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, text)
        if self._head.endswith(b"\r\n\r\n", 0, end):
            self._in = BytesIO(self._head[:end])
            self._begin_body(Request(self.cfg, SocketUnreader(self), self.address))
        return bytes(self._head[end:])

    def _begin_body(self, request: Any) -> None:
        """Determine where the body ends; gunicorn has refused heads that are ambiguous about it."""
        headers: dict[str, str] = dict(request.headers)
        codings = [value.lower() for name, value in request.headers if name == "TRANSFER-ENCODING"]
        if codings:
            if codings != ["chunked"]:
                raise RefusalError(HTTPStatus.NOT_IMPLEMENTED, "A body may have no other coding than chunked.")
            self._chunks = Chunks()
        self._need = int(headers.get("CONTENT-LENGTH", 0))
        self._most = limits.largest_body(request)
        if self._need > self._most:
            raise limits.too_large(self._most)
        self.request, self._in = request, BytesIO()
        if "EXPECT" in headers and request.version >= (1, 1) and not self._is_whole():
            self.line.send(CONTINUE)

    def _take_body(self, data: bytes) -> None:
        """Add to the body; bytes after its end are ignored, as each connection is for one request."""
        content = data[: self._need - self._received] if self._chunks is None else self._chunks.feed(data)
        if self._received + len(content) > self._most:
            raise limits.too_large(self._most)
        try:
            self._keep(content)
        except OSError:  # the disk is full
            raise limits.busy() from None
        self._received += len(content)
        if self._chunks and self._chunks.is_over:
            self._tell_length()

    def _tell_length(self) -> None:
        """Give the decoded request a length in place of the chunked coding (RFC 9112, section 7.1.3)."""
        coding = ("TRANSFER-ENCODING", "TRAILER")
        headers = [(name, value) for name, value in self.request.headers if name not in coding]
        self.request.headers = [*headers, ("CONTENT-LENGTH", str(self._received))]
        self.request.set_body_reader()

    def _keep(self, data: bytes) -> None:
        """Store bytes of the body, in a file once it is large."""
        if self._received <= IN_MEMORY < self._received + len(data):
            beginning = self._in
            self._in = TemporaryFile()  # noqa: SIM115 - closed by `forget_request`
            beginning.seek(0)
            self._in.write(beginning.read())
        self._in.write(data)

    def _is_whole(self) -> bool:
        if self.request is None:
            return False
        return self._received == self._need if self._chunks is None else self._chunks.is_over

    def refuse(self, refusal: RefusalError) -> None:
        """Send the refusal in place of an answer. Raises OSError where the connection is lost."""
        self.forget_request()
        self.sendall(refusal.answer())

    def forget_request(self) -> None:
        """Release the request once it is answered."""
        self.is_answered = True
        self.request, self._received = None, 0
        self._in.close()

    def write_on(self) -> bool:
        """Send what the client accepts; return whether nothing is left. Raises OSError where the connection is lost."""
        while self._unsent and self._out:
            self._out.seek(-self._unsent, 2)
            try:
                sent = self.line.send(self._out.read(PIECE))
            except BlockingIOError:
                return False
            self._unsent -= sent
            self.moved = ports.monotonic()
        return True

    def hang_up(self) -> None:
        """Close the sending side. What the client still sends is read for a while, or it would miss the answer."""
        self.closed_at = self.moved = ports.monotonic()
        self.line.shutdown(socket.SHUT_WR)

    def is_gone(self) -> bool:
        """Return whether the client has closed its side, too; what it still sends is read and discarded."""
        try:
            if not self.line.recv(PIECE):
                return True
            self.moved = ports.monotonic()
        except BlockingIOError:
            pass
        return False

    def is_overdue(self, now: float) -> bool:
        """Return whether the client is idle, or connected, for longer than the limits allow."""
        if self.closed_at:
            return now > self.moved + limits.LINGER or now > self.closed_at + limits.LONGEST_LINGER
        return now > self.moved + limits.IDLE or now > self.began + limits.LONGEST

    def drop(self) -> None:
        """Close the connection and everything that is stored of the client."""
        self.line.close()
        self._in.close()
        if self._out:
            self._out.close()

    # The part of a socket's interface that gunicorn calls.

    def recv(self, size: int) -> bytes:
        return self._in.read(size)

    def sendall(self, data: bytes) -> None:
        if not self._unsent:
            with suppress(BlockingIOError):
                data = data[self.line.send(data) :]
        if data:
            self._out = self._out or SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by `drop`
            self._out.seek(0, 2)
            self._out.write(data)
            self._written += len(data)
            self._unsent += len(data)

    def send(self, data: bytes) -> int:
        if data != CONTINUE:
            self.sendall(data)
        return len(data)

    def shutdown(self, how: int) -> None:
        raise OSError  # so that `close_graceful` doesn't wait for the client

    def close(self) -> None:
        """Do nothing: gunicorn is done with the client, but the worker still has to send the answer."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.line, name)
