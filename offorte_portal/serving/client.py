"""A client and what is under way with it."""

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
    """A client and what is under way with it. To gunicorn it is a socket that never blocks.

    `request` is gunicorn's, once the head has come; the body is read from it when all of it has.
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
        """The client's address without its port; all that come through one proxy or socket file have the same."""
        return str(self.address[0]) if isinstance(self.address, tuple) else ""

    @property
    def on_disk(self) -> int:
        """How many bytes of it are kept in files."""
        return sum(size for size in (self._received, self._written) if size > IN_MEMORY)

    def receive(self) -> bool:
        """Take what has come; True once the request is whole.

        Raises OSError where the line is cut, RefusalError, or what gunicorn's parser raises for a head that is wrong.
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
        """Add to the head, and read it once it is whole; return what has come of the body."""
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
        """Find out where the body ends; gunicorn has refused heads that tell more than one end."""
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
        """Add to the body; what follows the end is nobody's, as each line is for one request."""
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
        """Let the request be one of a known length, whose coding has been taken off (RFC 9112, section 7.1.3)."""
        coding = ("TRANSFER-ENCODING", "TRAILER")
        headers = [(name, value) for name, value in self.request.headers if name not in coding]
        self.request.headers = [*headers, ("CONTENT-LENGTH", str(self._received))]
        self.request.set_body_reader()

    def _keep(self, data: bytes) -> None:
        """Add to what is kept of the request; a large one goes to a file."""
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
        """Answer that the request is not taken. Raises OSError."""
        self.forget_request()
        self.sendall(refusal.answer())

    def forget_request(self) -> None:
        """Let go of the request, to which there is an answer."""
        self.is_answered = True
        self.request, self._received = None, 0
        self._in.close()

    def write_on(self) -> bool:
        """Write what the client takes; True once there is nothing left. Raises OSError where the line is cut."""
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
        """Say that the answer is over; what the client still sends is read for a while, or it would miss the answer."""
        self.closed_at = self.moved = ports.monotonic()
        self.line.shutdown(socket.SHUT_WR)

    def is_gone(self) -> bool:
        """Whether the client has hung up, too; what it still sends is thrown away."""
        try:
            if not self.line.recv(PIECE):
                return True
            self.moved = ports.monotonic()
        except BlockingIOError:
            pass
        return False

    def is_overdue(self, now: float) -> bool:
        """Whether it has been waited for long enough."""
        if self.closed_at:
            return now > self.moved + limits.LINGER or now > self.closed_at + limits.LONGEST_LINGER
        return now > self.moved + limits.IDLE or now > self.began + limits.LONGEST

    def drop(self) -> None:
        """Let go of the client and all that is kept of it."""
        self.line.close()
        self._in.close()
        if self._out:
            self._out.close()

    # What gunicorn calls.

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
        raise OSError  # `close_graceful` then waits for nobody

    def close(self) -> None:
        """Nothing: this is gunicorn's last word, and the worker's part comes now."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.line, name)
