"""Asks for the password or a passkey again before a session may see or change what gives access to an account.

A session alone must not be enough to take over an account: somebody who finds an open browser, or steals its cookie,
has neither.
"""

import re
from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]
_APP = "allauth.account"
# Fields whose values must not be stored in the session while the person authenticates again.
_SECRET_FIELD = re.compile(r"passw|secret|token|code|credential|key", re.IGNORECASE)
_KEPT_HEADERS = ("REMOTE_ADDR", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME", "HTTP_HOST", "HTTP_X_FORWARDED_FOR")


def confirmed(view: View) -> View:
    """Ask for the password or a passkey before the view is shown or takes a form."""
    guarded: View = reauthentication_required(view, app=_APP)
    return guarded


def confirmed_post(view: View) -> View:
    """Show the view without asking; ask for the password or a passkey before it takes a form."""
    guarded: View = reauthentication_required(view, app=_APP, allow_get=True)
    return guarded


class ConfirmationMiddleware:
    """Removes the secrets from a form that has to wait until the person has authenticated again.

    allauth stores the form in the session and submits it afterwards; the person then enters the removed values again.
    In the settings, this middleware comes after allauth's own, so that it handles the exception first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: Any, exception: Exception) -> None:
        if not isinstance(exception, ReauthenticationRequired) or request.method != "POST":
            return
        fields = request.POST.copy()
        for name in [name for name in fields if _SECRET_FIELD.search(name)]:
            del fields[name]
        request.POST = fields
        request.META = {name: value for name, value in request.META.items() if name in _KEPT_HEADERS}
