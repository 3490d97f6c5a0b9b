"""The page shown while a click takes long: it says what is going on, and polls every second for the answer."""

from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django_htmx.http import reselect, reswap, retarget

from offorte_portal.adminkit.staffview import STOP
from offorte_portal.waiting import holding
from offorte_portal.waiting.marks import Mark

TICKET = "waiting"
# The parameter by which a waiting page polls: "page" where all of it waits, "element" where one element does.
ASKED_BY = "asked_by"
BUSY_SECONDS = "10"


def address(request: HttpRequest, ticket: UUID) -> str:
    """Return the address that shows a click's result: the click's own, to which a form with errors is sent again.

    The query of a GET is left out, for it may hold an OAuth code of Offorte's, which no page's address may contain.
    """
    query = _query(request, ticket) if request.method == "POST" else QueryDict(f"{TICKET}={ticket}")
    return f"{request.path}?{query.urlencode()}"


def show(request: HttpRequest, mark: Mark, ticket: str) -> HttpResponse:
    """Return the answer if it has come, else the page or the element that waits for it."""
    asked_by = request.GET.get(ASKED_BY, "")
    if not admin.site.has_permission(request):
        return HttpResponse(status=STOP) if asked_by else admin.site.login(request)
    row = holding.find(ticket, request)
    is_waiting = row is not None and row.finished_at is None and not holding.is_lost(row)
    if is_waiting and asked_by:
        return HttpResponse(status=204)
    if row is None or row.finished_at is None:
        response = _page(request, mark, ticket, is_waiting=is_waiting)
    elif asked_by != "page":
        response = holding.replay(row)
    else:
        # The page loads the answer itself. A file is offered as a link: saving one leaves the page as it is.
        url = f"{request.path}?{_query(request, row.ticket).urlencode()}"
        if holding.is_file(row):
            response = render(request, "waiting/_file.html", {"url": url}, status=STOP)
        else:
            response = HttpResponse(status=STOP, headers={"HX-Redirect": url})
    add_never_cache_headers(response)
    return response


def turn_away(request: HttpRequest) -> HttpResponse:
    """Say that too many requests wait already and nothing was done; for htmx as a part of a page."""
    template = "waiting/_busy.html" if "HX-Request" in request.headers else "waiting/busy.html"
    response = render(request, template, status=503)
    response["Retry-After"] = BUSY_SECONDS
    return response


def _page(request: HttpRequest, mark: Mark, ticket: str, *, is_waiting: bool) -> HttpResponse:
    """Return the page, or the element, that waits for the answer or says that there will be none."""
    is_element = bool(mark.place) and "HX-Request" in request.headers
    query = _query(request, ticket)
    url = f"{request.path}?{query.urlencode()}"
    query[ASKED_BY] = "element" if is_element else "page"
    context = {
        "doing": mark.doing,
        "is_waiting": is_waiting,
        "may_see_log": request.user.has_perm("writes.view_operation"),
        "place": mark.place,
        "is_row": mark.is_row,
        "url": url,
        "poll_url": f"{request.path}?{query.urlencode()}",
    }
    if is_element:
        response = render(request, "waiting/_element.html", context)
        return reselect(reswap(retarget(response, f"#{mark.place}"), "outerHTML"), f"#{mark.place}")
    if "HX-Request" in request.headers:
        return HttpResponse(status=STOP, headers={"HX-Redirect": url})
    context |= {**admin.site.each_context(request), "title": mark.doing}
    return render(request, "waiting/page.html", context)


def _query(request: HttpRequest, ticket: UUID | str) -> QueryDict:
    query = request.GET.copy()
    query.pop(ASKED_BY, None)
    query[TICKET] = str(ticket)
    return query
