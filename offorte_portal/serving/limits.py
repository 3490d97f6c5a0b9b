"""How much is taken from one client and from all of them, and how the rest is refused."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import parse_cookie

# Seconds without a byte, and in all, after which a client is dropped.
IDLE, LONGEST = 30.0, 300.0
# Seconds for which a client that was answered may send nothing, and in all, before it is hung up on.
LINGER, LONGEST_LINGER = 2.0, 30.0
# With a file for each that is kept on disk, fewer than the 1,024 open files that a process usually may have.
MOST_CLIENTS = 500
# Of a head, all its lines; gunicorn limits their number and the length of each.
MOST_HEAD = 64 * 1024
# So much of a request, and of an answer, is kept in memory; the rest is in a file without a name.
IN_MEMORY = 256 * 1024
# Of all such files of a process.
MOST_ON_DISK = 96 * 1024 * 1024
# Of a body with a file. The portal takes files up to 10 MiB; who sends a larger one hears so in the form.
MOST_WITH_FILE = 24 * 1024 * 1024
# Where the pages are that take files, from people who are signed in.
FILE_PATHS = ("/imports/new/", "/compose/many/")


class RefusalError(Exception):
    """A request that is not taken; the client is told why."""

    def __init__(self, status: HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.status = status

    def answer(self) -> bytes:
        """Return the whole answer."""
        text = f"{self}\n".encode()
        lines = [
            f"HTTP/1.1 {self.status.value} {self.status.phrase}",
            "Content-Type: text/plain; charset=utf-8",
            f"Content-Length: {len(text)}",
            "Connection: close",
        ]
        if self.status == HTTPStatus.SERVICE_UNAVAILABLE:
            lines.append("Retry-After: 30")
        return "\r\n".join([*lines, "", ""]).encode() + text


def broken(text: str) -> RefusalError:
    """Return the refusal of a request that does not keep to HTTP."""
    return RefusalError(HTTPStatus.BAD_REQUEST, text)


def busy() -> RefusalError:
    """Return the refusal of a request for which there is no room now."""
    return RefusalError(
        HTTPStatus.SERVICE_UNAVAILABLE, "The portal can't take so much data now. Try again in a minute."
    )


def too_large(most: int) -> RefusalError:
    """Return the refusal of a body of more than so many bytes."""
    text = f"This is too large. Send at most {most / 1024**2:.3g} MiB."
    return RefusalError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text)


def largest_body(request: Any) -> int:
    """Return how many bytes of a body are taken, by gunicorn's request of which the head was read.

    The cookie is not looked up: that would let anybody ask for queries. `MOST_ON_DISK` holds for who makes one up.
    """
    cookies = [parse_cookie(value) for name, value in request.headers if name == "COOKIE"]
    is_known = any(settings.SESSION_COOKIE_NAME in cookie for cookie in cookies)
    if is_known and request.method == "POST" and request.path.startswith(FILE_PATHS):
        return MOST_WITH_FILE
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or MOST_WITH_FILE)
