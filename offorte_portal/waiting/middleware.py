"""Has requests that ask another server done by a thread, and waits for them only a moment."""

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
# How long any process waits, also where the answer is not expected in time: what needs no other server takes less.
GLANCE = 0.25


class WaitingMiddleware:
    """Outside of all that a page needs, so that a thread does the whole request and its answer is a whole one."""

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
        """Answer the page that asks what became of a click, and a click that nobody can be spared for."""
        if getattr(request, "is_turned_away", False):
            return pages.turn_away(request)
        mark, ticket = mark_of(view), request.GET.get(pages.TICKET, "")
        return pages.show(request, mark, ticket) if mark and ticket and request.method == "GET" else None


def find_mark(request: HttpRequest) -> tuple[Mark, str] | None:
    """Return the mark of the view that asks another server for this request, with what the view is called."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    mark = mark_of(match.func)
    if mark is None or request.method not in mark.methods or (request.method == "GET" and pages.TICKET in request.GET):
        return None
    return mark, match.view_name


def is_read(request: HttpRequest) -> bool:
    """Read the body here, for the socket is this thread's; False where that fails, which the view then says."""
    try:
        return request.body is not None
    except (RequestDataTooBig, UnreadablePostError):
        return False


def await_briefly(task: Task, kind: str) -> HttpResponseBase | None:
    """Glance at the answer; wait for it where it is expected in time and no other process waits."""
    if (response := task.wait(GLANCE)) is not None or POOL.is_slow(kind):
        return response
    with waiting_place() as may_wait:
        if not may_wait:
            return None
        response = task.wait(settings.ANSWER_WITHIN - GLANCE)
        POOL.note(kind, is_slow=response is None)
        return response


def leave(task: Task, request: HttpRequest) -> HttpResponseBase:
    """Send the person to the page that waits, unless the answer has come meanwhile."""
    try:
        holding.begin(task.ticket)
    except DatabaseError:
        # Without a row there is nothing to look at later. What was asked goes on, and this person waits for it.
        logger.exception("A click could not be noted, so that it is waited for")
        task.wait(settings.ANSWER_WITHIN * 10)
    if (response := task.leave()) is not None:
        holding.drop(task.ticket)
        return response
    return HttpResponse(status=303, headers={"Location": pages.address(request, task.ticket)})


def keep(request: HttpRequest, ticket: UUID, response: HttpResponseBase) -> None:
    """Keep an answer; called in the thread."""
    try:
        holding.keep(ticket, request, response)
    except (DatabaseError, ImproperlyConfigured):
        logger.exception("The answer to a click could not be kept")
