"""The view that Offorte posts to. The body is stored and answered with 2xx, whatever it is; the worker reads it later.

The path holds a secret, so nothing here may write it to a log.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables

from offorte_portal.webhooks import address, inbox, storing

logger = logging.getLogger(__name__)

# A body that is too large is read and discarded up to this many bytes, so that the sender gets the answer.
LARGEST_DISCARDED = 16 * storing.LARGEST
CHUNK = 64 * 1024


class WebhookMiddleware:
    """Answers what Offorte posts before any other middleware: no session, cookie, redirect or language is needed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not path.startswith(address.PATH):
            return self._get_response(request)
        return receive(request, path[len(address.PATH) :].removesuffix("/"))


@csrf_exempt
@sensitive_variables("token")
def receive(request: HttpRequest, token: str) -> HttpResponse:
    """Store what was posted and answer 200, even if it can't be parsed or came before.

    Answers 400 for a body that did not arrive whole, 404 for an unknown secret, 405 for another method than POST, 413
    for more than a MiB, and 503 if it could not be stored.
    """
    if request.method != "POST":
        return _answer(405, Allow="POST")
    try:
        connection_id = address.find_connection(token)
        if connection_id is None:
            return _answer(404)
        try:
            body = _read(request)
        except OSError:  # Cut off on its way: to be sent again.
            return _answer(400)
        if body is None:
            return _answer(413)
        inbox.receive(connection_id, body)
    except IntegrityError:  # The account was deleted a moment ago.
        address.forget(token)
        return _answer(404)
    except DatabaseError:
        logger.exception("A webhook could not be stored")
        return _answer(503, **{"Retry-After": "10"})
    return _answer(200)


def _read(request: HttpRequest) -> bytes | None:
    """Return the body; None if it is too large. Raises OSError if less came than was announced, or it was cut off."""
    stream: Any = request
    announced = str(request.META.get("CONTENT_LENGTH") or "")
    length = int(announced) if announced.isdecimal() else 0
    is_chunked = request.META.get("wsgi.input_terminated") and "HTTP_TRANSFER_ENCODING" in request.META
    if is_chunked:
        stream = request.META["wsgi.input"]
    body: bytes = stream.read(storing.LARGEST + 1)
    if len(body) > storing.LARGEST:
        # Read on: a sender whose connection is closed while it still sends does not see the answer.
        left = LARGEST_DISCARDED
        while left > 0 and (chunk := stream.read(CHUNK)):
            left -= len(chunk)
        return None
    if len(body) < length and not is_chunked:
        raise UnreadablePostError
    return body


def _answer(status: int, **headers: str) -> HttpResponse:
    """Return an empty response that Django does not log, because its log line would hold the path."""
    response = HttpResponse(status=status, headers=headers)
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
