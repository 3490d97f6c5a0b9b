"""Forms in a dialog: `dialog.js` opens the form of any page that a link with `data-dialog` leads to."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase


class DialogMiddleware:
    """Answers a dialog's request with the address of a redirect, in `X-Location`, instead of with the redirect.

    A script can't see where it is redirected to: it would fetch the next page, and use up the messages meant for the
    person. This stands outside the middleware that redirects to a waiting page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        if "X-Dialog" not in request.headers or "Location" not in response.headers:
            return response
        answer = HttpResponse(status=204, headers={"X-Location": response.headers["Location"]})
        answer.cookies = response.cookies
        return answer
