"""Views for staff: who may request them, by which methods, and the request that they get."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

P = ParamSpec("P")
# A status after which htmx stops polling.
STOP = 286


class StaffRequest(HttpRequest):
    """A request by somebody who may use the admin: its user is never anonymous."""

    user: User


StaffView = Callable[Concatenate[StaffRequest, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff_view(
    permission: str | Sequence[str] | None = None, *, methods: Sequence[str] | None = ("GET",)
) -> Callable[[StaffView[P]], View[P]]:
    """Decorate a view that only staff may request.

    1. Other methods than `methods` get a 405 that lists those in Allow; None allows any method.
    2. People who may not use the admin are redirected to sign in, or to set up a second factor; see `PortalAdminSite`.
    3. People who lack the permission, or one of several, get a 403.

    A POST without its CSRF token gets a 403, and no response is cached. Marks on the view (`asks_elsewhere`) are kept,
    whether they are applied below this decorator or above it.
    """

    def decorate(view: StaffView[P]) -> View[P]:
        guarded: Callable[..., HttpResponseBase] = view
        if permission is not None:
            guarded = permission_required(permission, raise_exception=True)(guarded)
        guarded = admin.site.admin_view(guarded)
        return guarded if methods is None else require_http_methods(methods)(guarded)

    return decorate


def live_view(view: Callable[[StaffRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Decorate a view that open pages poll by GET every few seconds for changes.

    It works as a `staff_view`, but a page whose session has ended is told to stop polling, not redirected to sign in.
    """
    guarded = admin.site.admin_view(view)

    @wraps(view)
    def look(request: HttpRequest) -> HttpResponse:
        if "HX-Request" in request.headers and not admin.site.has_permission(request):
            return HttpResponse(status=STOP, headers={"HX-Reswap": "none"})
        return guarded(cast(StaffRequest, request))

    return require_http_methods(["GET"])(look)


def staff_user(request: HttpRequest) -> User:
    """Return the user where Django types the request: in a ModelAdmin, a form, a template tag, a registered hook."""
    return cast(User, request.user)
