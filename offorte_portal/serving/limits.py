"""Limits on what one client, and all of them together, may send, and the refusals of what is over them."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import parse_cookie

# Seconds without a byte, and seconds in all, after which a client is dropped.
IDLE, LONGEST = 30.0, 300.0
# Seconds that an answered client may send nothing, and seconds in all, before its connection is closed.
LINGER, LONGEST_LINGER = 2.0, 30.0
# With a temporary file for each, still below the 1,024 open files that a process usually may have.
MOST_CLIENTS = 500
# Bytes of all lines of a request's head together; gunicorn limits their number and the length of each.
MOST_HEAD = 64 * 1024
# Bytes of a request, and of an answer, that are kept in memory; larger ones go to a file without a name.
IN_MEMORY = 256 * 1024
# Bytes of all these files of a process together.
MOST_ON_DISK = 96 * 1024 * 1024
# Bytes of a body with a file. The portal accepts files up to 10 MiB; the form refuses a larger one that gets here.
MOST_WITH_FILE = 24 * 1024 * 1024
# Beginnings of the addresses where people who are signed in upload files.
FILE_PATHS = ("/imports/new/", "/compose/many/")


class RefusalError(Exception):
    """A request that is refused, with the status and the text that its client gets."""

    def __init__(self, status: HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.status = status

    def answer(self) -> bytes:
        """Return the whole HTTP response."""
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
    """Return the refusal of a request that is not valid HTTP."""
    return RefusalError(HTTPStatus.BAD_REQUEST, text)


def busy() -> RefusalError:
    """Return the refusal of a request for which there is no space now."""
    return RefusalError(
        HTTPStatus.SERVICE_UNAVAILABLE, "The portal can't take so much data now. Try again in a minute."
    )


def too_large(most: int) -> RefusalError:
    """Return the refusal of a body of more than `most` bytes."""
    text = f"This is too large. Send at most {most / 1024**2:.3g} MiB."
    return RefusalError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text)


def largest_body(request: Any) -> int:
    """Return how many bytes the body of a request (gunicorn's, with its head read) may have.

    The session cookie is not looked up: anybody could cause database queries with made-up ones. `MOST_ON_DISK` limits
    what they can send.
    """
    cookies = [parse_cookie(value) for name, value in request.headers if name == "COOKIE"]
    is_known = any(settings.SESSION_COOKIE_NAME in cookie for cookie in cookies)
    if is_known and request.method == "POST" and request.path.startswith(FILE_PATHS):
        return MOST_WITH_FILE
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or MOST_WITH_FILE)
