"""The answer to a form whose CSRF token no longer holds: mostly a page that was open when its session ended."""

from urllib.parse import urlencode, urlsplit

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

# The pages whose forms `drafts.js` keeps in the browser, and the field that those forms send.
KEPT_PAGES = ("_edit", "_add", "compose_new", "compose_draft", "notes")
STATE = "form_state"


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say whether what was typed is kept, and lead back to the page, by signing in where nobody is signed in."""
    page = find_page(request)
    is_signed_in = request.user.is_authenticated
    login = reverse("account_login")
    # The sign-in page itself knows where to go on.
    leads_on = is_signed_in or urlsplit(page).path == login
    context = {
        "is_kept": is_kept(request),
        "is_signed_in": is_signed_in,
        "next_url": page if leads_on else f"{login}?{urlencode({'next': page})}",
    }
    return render(request, "403_csrf.html", context, status=403)


def find_page(request: HttpRequest) -> str:
    """Return the path of the page that the form was on, by the Referer; the home page unless it is one of ours."""
    given = request.headers.get("referer", "")
    if not given or not url_has_allowed_host_and_scheme(given, {request.get_host()}, request.is_secure()):
        return reverse("home")
    parts = urlsplit(given)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    # A path such as //evil.example/ would be an address of another site.
    return path if url_has_allowed_host_and_scheme(path, None) and path.startswith("/") else reverse("home")


def is_kept(request: HttpRequest) -> bool:
    """Return whether the browser keeps what was typed, and brings it back when the form is opened again."""
    try:
        page = resolve(request.path_info).url_name or ""
        return page.endswith(KEPT_PAGES) and STATE in request.POST
    except (Http404, OSError, SuspiciousOperation, MultiPartParserError):  # no such page; too large, or cut off
        return False
