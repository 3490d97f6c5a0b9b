"""Records that people use the portal, so that background work leaves part of Offorte's request limit to them."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase

from offorte_portal import ports
from offorte_portal.connections.budget import NOTE_INTERVAL, note_person

logger = logging.getLogger(__name__)

# Paths that machines request.
_UNATTENDED = ("/webhooks/", "/healthz", "/readyz")


class PresenceMiddleware:
    """Records page views of signed-in staff: one statement every 30 s per process, whatever the traffic.

    It comes after the authentication middleware. A failure to record a page view doesn't affect the page.
    """

    def __init__(
        self, get_response: Callable[[HttpRequest], HttpResponseBase], now: Callable[[], float] = ports.monotonic
    ) -> None:
        self._get_response = get_response
        self._now = now
        self._noted_at = float("-inf")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        moment = self._now()
        if moment - self._noted_at >= NOTE_INTERVAL and _is_person(request):
            self._noted_at = moment
            try:
                note_person()
            except DatabaseError:
                logger.warning("Could not note that somebody is about", exc_info=True)
        return response


def _is_person(request: HttpRequest) -> bool:
    """Return whether a member of staff did something; parts of a page that refresh themselves do not count."""
    if request.path.startswith((*_UNATTENDED, settings.STATIC_URL)):
        return False
    if request.method == "GET" and "HX-Request" in request.headers and "HX-Boosted" not in request.headers:
        return False
    return request.user.is_staff
