"""A decoder of the chunked coding that takes a body piece by piece as it comes (RFC 9112, section 7.1)."""

import re
from enum import Enum, auto

from offorte_portal.serving.limits import broken

# Bytes of a line with the size of a chunk and its extensions, and of all lines after the last chunk together.
MOST_LINE, MOST_TRAILERS = 512, 8 * 1024
# Bytes of all these lines of a body together: chunks of one byte, or with long extensions, cost more than they bring.
MOST_LINES = 1024 * 1024

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_QUOTED = rb'"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"'
_EXTENSION = rb"[ \t]*;[ \t]*" + _TOKEN + rb"(?:[ \t]*=[ \t]*(?:" + _TOKEN + rb"|" + _QUOTED + rb"))?"
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})(?:" + _EXTENSION + rb")*")
_TRAILER = re.compile(_TOKEN + rb":[\t -~\x80-\xff]*")


class _State(Enum):
    SIZE = auto()
    DATA = auto()
    END_OF_DATA = auto()
    TRAILERS = auto()
    OVER = auto()


class Chunks:
    """The state machine that decodes a chunked body.

    1. SIZE, a line with the size in hexadecimal and extensions, leads to DATA, or for a size of 0 to TRAILERS.
    2. After that many bytes of DATA comes END_OF_DATA, an empty line, which leads back to SIZE.
    3. TRAILERS are lines of `name: value` that end with an empty one; then the state is OVER.

    Extensions and trailers are checked and discarded. Each line ends with CRLF.
    """

    def __init__(self) -> None:
        self._state = _State.SIZE
        self._line = bytearray()
        self._left = 0
        self._lines = 0
        self._trailers = 0

    @property
    def is_over(self) -> bool:
        """Whether the last chunk and what follows it have come."""
        return self._state is _State.OVER

    def feed(self, data: bytes) -> bytes:
        """Return the content in the next bytes, without what comes after the end.

        Raises RefusalError where the coding is invalid or over a limit.
        """
        content = bytearray()
        at = 0
        while at < len(data) and not self.is_over:
            if self._state is _State.DATA:
                piece = data[at : at + self._left]
                content += piece
                at += len(piece)
                self._left -= len(piece)
                if not self._left:
                    self._state = _State.END_OF_DATA
            else:
                at = self._read_line(data, at)
        return bytes(content)

    def _read_line(self, data: bytes, at: int) -> int:
        """Add to the line, and use it once it is complete; return the position in the data to go on from."""
        most = {_State.SIZE: MOST_LINE, _State.END_OF_DATA: 2}.get(self._state, MOST_TRAILERS)
        end = data.find(b"\n", at, at + most) + 1
        self._line += data[at : end or at + most]
        if len(self._line) > most or (not end and len(self._line) == most):
            raise broken("A line between the chunks of the body is too long.")
        if not end:
            return len(data)
        if not self._line.endswith(b"\r\n"):
            raise broken("A line between the chunks of the body doesn't end with CRLF.")
        line = bytes(self._line[:-2])
        self._lines += len(self._line)
        self._line.clear()
        if self._lines > MOST_LINES:
            raise broken("The body is in too many chunks, or they have too many extensions.")
        self._take_line(line)
        return end

    def _take_line(self, line: bytes) -> None:
        if self._state is _State.SIZE:
            size = _SIZE.fullmatch(line)
            if size is None:
                raise broken("The size of a chunk of the body can't be read.")
            self._left = int(size[1], 16)
            self._state = _State.DATA if self._left else _State.TRAILERS
        elif self._state is _State.END_OF_DATA:
            if line:
                raise broken("A chunk of the body is longer than announced.")
            self._state = _State.SIZE
        elif line:
            self._trailers += len(line) + 2
            if self._trailers > MOST_TRAILERS or not _TRAILER.fullmatch(line):
                raise broken("What follows the body can't be read, or is too long.")
        else:
            self._state = _State.OVER
