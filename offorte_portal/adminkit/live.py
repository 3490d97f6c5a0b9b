"""Parts of pages that ask every few seconds whether they have changed."""

from collections.abc import Callable
from functools import wraps

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

View = Callable[[HttpRequest], HttpResponse]
# htmx asks no more once it was answered this.
STOP = 286


def live_view(view: View) -> View:
    """For staff; a page whose session has ended is told to stop asking, where others are sent to sign in."""
    guarded = admin.site.admin_view(view)

    @wraps(view)
    def look(request: HttpRequest) -> HttpResponse:
        if "HX-Request" in request.headers and not admin.site.has_permission(request):
            return HttpResponse(status=STOP, headers={"HX-Reswap": "none"})
        return guarded(request)

    return look
