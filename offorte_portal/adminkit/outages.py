"""One answer for whatever is met by a database that takes no changes, a disk that is full or a Redis that is away."""

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

# What passes by itself or is put right by an administrator; InternalError is PostgreSQL's for "read-only".
OUTAGES = (OperationalError, InterfaceError, InternalError, RedisError)
DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
RETRY_AFTER = 30


class OutageMiddleware:
    """Answers with a page that says so where a view met an outage; `handler500` does so for the other middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page for an outage, None for anything else."""
        return tell(request, error) if is_outage(error) else None


def handler500(request: HttpRequest) -> HttpResponseBase:
    """Answer what nobody caught: an outage as such, the rest as a fault of the portal."""
    error = sys.exc_info()[1]
    return tell(request, error) if is_outage(error) else server_error(request)


def is_outage(error: BaseException | None) -> bool:
    """Whether something the portal stands on was away, and the portal itself made no mistake."""
    return isinstance(error, OUTAGES) or (isinstance(error, OSError) and error.errno in DISK_ERRORS)


def tell(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """Return a 503 in the person's language, made without database and cache; a part of a page where htmx asked."""
    logger.error("%s %s met an outage", request.method, request.path, exc_info=error)
    is_part = "HX-Request" in request.headers
    template = "adminkit/outage.html" if is_part else "503.html"
    response = HttpResponse(render_to_string(template), status=503, headers={"Retry-After": str(RETRY_AFTER)})
    if is_part and request.method == "GET":
        # What renews itself tries again by itself.
        response["HX-Reswap"] = "none"
    return response
