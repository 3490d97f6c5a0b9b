"""Stores an answer that came too late for its request, and shows it once to the session that made the request.

An answer may contain what somebody typed, for example a client secret in a form that is shown again with its errors.
So it is encrypted, deleted when it is shown, and deleted after `KEPT` if nobody comes for it.
"""

from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.debug import sensitive_variables

from offorte_portal import ports
from offorte_portal.connections.encryption import can_decrypt
from offorte_portal.waiting.models import HeldAnswer

# Longer than a thread's work can take: waiting for its turn and three requests, each with its retries.
LOST_AFTER = timedelta(minutes=4)
# Counted from the click; the waiting page polls every second.
KEPT = timedelta(minutes=10)
# Headers of the connection, and those that are made again when the answer is shown.
_NOT_KEPT = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding", "set-cookie"})


@dataclass(frozen=True, slots=True)
class Answer:
    """A view's response, as it is stored; the body is in base64."""

    status: int
    headers: list[list[str]]
    cookies: list[str]
    body: str


def begin(ticket: UUID) -> None:
    """Add the row of an answer that somebody waits for, and delete old rows. Raises DatabaseError."""
    drop_old()
    HeldAnswer.objects.create(ticket=ticket, created_at=ports.now())


def drop_old() -> int:
    """Delete the answers that nobody has come for; return their number."""
    return HeldAnswer.objects.filter(created_at__lt=ports.now() - KEPT).delete()[0]


def drop(ticket: UUID) -> None:
    """Delete the row of a ticket whose answer came in time after all, or is shown."""
    HeldAnswer.objects.filter(pk=ticket).delete()


@sensitive_variables()
def keep(ticket: UUID, request: HttpRequest, response: HttpResponseBase) -> None:
    """Store the answer for the session that made the request. Raises ImproperlyConfigured where there is no key."""
    user = getattr(request, "user", None)
    is_known = user is not None and user.is_authenticated
    secret = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    answer = Answer(
        status=response.status_code,
        headers=[[name, value] for name, value in response.items() if name.lower() not in _NOT_KEPT],
        cookies=[morsel.OutputString() for name, morsel in response.cookies.items() if name not in secret],
        body=b64encode(b"".join(response)).decode(),
    )
    HeldAnswer.objects.filter(pk=ticket).update(
        user_id=user.pk if user is not None and is_known else None,
        session_hash=_hash_session(request),
        sealed=orjson.dumps(asdict(answer)).decode(),
        finished_at=ports.now(),
    )


def find(ticket: str, request: HttpRequest) -> HeldAnswer | None:
    """Return the row of a ticket; None where there is none, or its answer is somebody else's or can't be decrypted."""
    try:
        row = HeldAnswer.objects.filter(pk=UUID(ticket)).first()
    except ValueError:
        return None
    if row is None or row.finished_at is None:
        return row
    is_owner = row.user_id is not None and row.user_id == request.user.pk and row.session_hash == _hash_session(request)
    return row if is_owner and can_decrypt(row, "sealed") else None


def is_lost(row: HeldAnswer) -> bool:
    """Return whether the answer will never come: the process that worked on it must have ended."""
    return row.finished_at is None and row.created_at < ports.now() - LOST_AFTER


@sensitive_variables()
def is_file(row: HeldAnswer) -> bool:
    """Return whether the answer is a file to be saved."""
    return any(name.lower() == "content-disposition" for name, _ in _unseal(row).headers)


@sensitive_variables()
def replay(row: HeldAnswer) -> HttpResponse:
    """Return the answer as it was, and delete its row."""
    answer = _unseal(row)
    drop(row.ticket)
    response = HttpResponse(b64decode(answer.body), status=answer.status)
    for name in list(response.headers):
        del response[name]
    for name, value in answer.headers:
        response[name] = value
    for cookie in answer.cookies:
        response.cookies.load(cookie)
    return response


@sensitive_variables()
def _unseal(row: HeldAnswer) -> Answer:
    values: dict[str, Any] = orjson.loads(row.sealed)
    return Answer(**values)


def _hash_session(request: HttpRequest) -> str:
    return sha256(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "").encode()).hexdigest()
