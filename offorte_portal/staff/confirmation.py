"""Asks for the password or a passkey once more before a session may change or see what lets somebody in.

A session alone must not become the account: whoever finds a browser open, or steals its cookie, knows neither.
"""

import re
from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]
_APP = "allauth.account"
# Fields whose values must not lie in the session while the person confirms who they are.
_SECRET_FIELD = re.compile(r"passw|secret|token|code|credential|key", re.IGNORECASE)
_KEPT_HEADERS = ("REMOTE_ADDR", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME", "HTTP_HOST", "HTTP_X_FORWARDED_FOR")


def confirmed(view: View) -> View:
    """Ask for the password or a passkey before the view is shown or takes a form."""
    guarded: View = reauthentication_required(view, app=_APP)
    return guarded


def confirmed_post(view: View) -> View:
    """Show the view to anybody who may see it; ask for the password or a passkey before it takes a form."""
    guarded: View = reauthentication_required(view, app=_APP, allow_get=True)
    return guarded


class ConfirmationMiddleware:
    """Takes the secrets out of a form that has to wait until the person has confirmed who they are.

    allauth keeps the form in the session and submits it afterwards; what is taken out here is asked for again then.
    It stands below allauth's own middleware, which sees the exception after it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if isinstance(exception, ReauthenticationRequired) and request.method == "POST":
            _remove_secrets(request)


def _remove_secrets(request: Any) -> None:
    fields = request.POST.copy()
    for name in [name for name in fields if _SECRET_FIELD.search(name)]:
        del fields[name]
    request.POST = fields
    request.META = {name: value for name, value in request.META.items() if name in _KEPT_HEADERS}
