"""The middleware that has threads handle requests which ask another server, and waits for them only briefly."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from offorte_portal.connections import patience
from offorte_portal.waiting import holding, pages
from offorte_portal.waiting.marks import Mark, mark_of
from offorte_portal.waiting.pool import Pool, Task, waiting_place

logger = logging.getLogger(__name__)

POOL = Pool()
# Seconds that any process waits, even where the answer is not expected in time: without another server it takes less.
GLANCE = 0.25


class WaitingMiddleware:
    """Stands outside all middleware that a page needs, so that a thread handles the whole request and response."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        found = find_mark(request) if settings.ANSWER_WITHIN else None
        if found is None or not is_read(request):
            return self._get_response(request)
        mark, kind = found
        if mark.is_kept and not POOL.has_thread:
            with patience.without_waiting():
                return self._get_response(request)
        if not POOL.has_room:
            request.is_turned_away = True  # type: ignore[attr-defined]
            return self._get_response(request)
        task = POOL.start(partial(self._get_response, request), partial(keep, request))
        return await_briefly(task, kind) or leave(task, request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, options: Any) -> Any:
        """Answer a waiting page that polls, and a click for which no thread can be spared; return None for the rest."""
        if getattr(request, "is_turned_away", False):
            return pages.turn_away(request)
        mark, ticket = mark_of(view), request.GET.get(pages.TICKET, "")
        if not (mark and ticket and request.method == "GET"):
            return None
        return pages.show(request, mark.fill_in(options), ticket)


def find_mark(request: HttpRequest) -> tuple[Mark, str] | None:
    """Return the mark and the name of the view if it asks another server for this request, else None."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    mark = mark_of(match.func)
    if mark is None or request.method not in mark.methods or (request.method == "GET" and pages.TICKET in request.GET):
        return None
    return mark, match.view_name


def is_read(request: HttpRequest) -> bool:
    """Read the body here, where the socket belongs; return False where that fails, which the view then reports."""
    try:
        return request.body is not None
    except (RequestDataTooBig, UnreadablePostError):
        return False


def await_briefly(task: Task, kind: str) -> HttpResponseBase | None:
    """Return the answer if it comes in time, else None.

    Waits `GLANCE` seconds, and up to ANSWER_WITHIN where this kind was not slow lately and no other process waits.
    """
    if (response := task.wait(GLANCE)) is not None or POOL.is_slow(kind):
        return response
    with waiting_place() as may_wait:
        if not may_wait:
            return None
        response = task.wait(settings.ANSWER_WITHIN - GLANCE)
        POOL.note(kind, is_slow=response is None)
        return response


def leave(task: Task, request: HttpRequest) -> HttpResponseBase:
    """Return a redirect to the waiting page, or the answer if it has come meanwhile."""
    try:
        holding.begin(task.ticket)
    except DatabaseError:
        # Without a row the waiting page has nothing to find. The thread goes on, and this request waits for it.
        logger.exception("A click could not be noted, so that it is waited for")
        task.wait(settings.ANSWER_WITHIN * 10)
    if (response := task.leave()) is not None:
        holding.drop(task.ticket)
        return response
    return HttpResponse(status=303, headers={"Location": pages.address(request, task.ticket)})


def keep(request: HttpRequest, ticket: UUID, response: HttpResponseBase) -> None:
    """Store an answer; called in the thread. Errors are logged."""
    try:
        holding.keep(ticket, request, response)
    except (DatabaseError, ImproperlyConfigured):
        logger.exception("The answer to a click could not be kept")
