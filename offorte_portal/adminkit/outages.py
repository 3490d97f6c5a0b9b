"""One response for requests that meet a database that takes no changes, a full disk or an unreachable Redis."""

import errno
import logging
import sys
from collections.abc import Callable

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.views.defaults import server_error
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# Errors that pass by themselves or are solved by an administrator; PostgreSQL raises InternalError for "read-only".
OUTAGES = (OperationalError, InterfaceError, InternalError, RedisError)
DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
RETRY_AFTER = 30


class OutageMiddleware:
    """Answers with a page about the outage where a view met one; `handler500` does so for other middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page about an outage, None for other errors."""
        return tell(request, error) if is_outage(error) else None


def handler500(request: HttpRequest) -> HttpResponseBase:
    """Answer an uncaught error: an outage with its page, others as a fault of the portal."""
    error = sys.exc_info()[1]
    return tell(request, error) if is_outage(error) else server_error(request)


def is_outage(error: BaseException | None) -> bool:
    """Return whether an error comes from the database, Redis or the disk, and not from a fault of the portal."""
    return isinstance(error, OUTAGES) or (isinstance(error, OSError) and error.errno in DISK_ERRORS)


def tell(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """Return a 503 in the person's language, made without database and cache; for htmx only a part of a page."""
    logger.error("%s %s met an outage", request.method, request.path, exc_info=error)
    is_part = "HX-Request" in request.headers
    template = "adminkit/outage.html" if is_part else "503.html"
    response = HttpResponse(render_to_string(template), status=503, headers={"Retry-After": str(RETRY_AFTER)})
    if is_part and request.method == "GET":
        # Parts that refresh themselves try again anyway.
        response["HX-Reswap"] = "none"
    return response
