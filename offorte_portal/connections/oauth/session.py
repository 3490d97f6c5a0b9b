"""The session for all requests to Offorte: requests-oauthlib's, restricted where it is too trusting.

`auto_refresh_url` is never set: it would post a request's own body to the token endpoint, and no 401 would trigger it.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import requests
import urllib3.exceptions
from django.views.decorators.debug import sensitive_variables
from requests_oauthlib import OAuth2Session

from offorte_portal.api.codes import Code
from offorte_portal.api.errors import MalformedAnswer, TimedOut
from offorte_portal.connections.oauth.address import require_confidential
from offorte_portal.http import bound

# Seconds to connect and between two bytes, unless a request sets its own timeout.
TIMEOUT = (5, 15)
# Seconds for a whole exchange and bytes of its answer, unless the caller streams it.
LONGEST_ANSWER = 30
MAX_ANSWER_BYTES = 64 * 1024

Headers = dict[str, str] | None


class OfforteSession(OAuth2Session):
    """Refuses to send unencrypted, follows no redirects, and limits the time and size of answers."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._lines = bound(self)

    # Keeps variables of this function and of the libraries it calls out of Django's error reports.
    @sensitive_variables()
    def request(self, method: str | bytes, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        """Send a request. Raises NotConnected, MalformedAnswer, TimedOut, or what requests raises."""
        require_confidential(str(url))
        # A redirect would send the bearer token, or a form with the client secret, wherever the answer says.
        is_streamed = options.get("stream")
        options |= {"allow_redirects": False, "stream": True, "timeout": options.get("timeout") or TIMEOUT}
        if is_streamed:
            return super().request(method, url, *args, **options)
        try:
            with self._lines.deadline(LONGEST_ANSWER):
                answer = _read_bounded(super().request(method, url, *args, **options))
        except (requests.RequestException, urllib3.exceptions.HTTPError):
            if not self._lines.is_over:
                raise
        if self._lines.is_over:
            raise TimedOut
        return answer

    def close(self) -> None:
        super().close()
        self._lines.close()


def open_session(read_token: Callable[[], str]) -> OfforteSession:
    """Return a session whose requests carry the token that `read_token` returns when they are sent.

    The session does not know when that token expires: only Offorte's 401 counts, whatever this machine's clock says.
    """
    session = OfforteSession(token={"token_type": "Bearer"})

    def take_current_token(url: str, headers: Headers, data: object) -> tuple[str, Headers, object]:
        session.token = {"access_token": read_token(), "token_type": "Bearer"}
        return url, headers, data

    session.register_compliance_hook("protected_request", take_current_token)
    return session


@sensitive_variables()
def _read_bounded(response: requests.Response) -> requests.Response:
    """Read the body up to its limit, and put it back for requests. Raises MalformedAnswer where it is too long."""
    body = bytearray()
    with response:
        for chunk in response.raw.stream(8 * 1024, decode_content=True):
            body += chunk
            if len(body) > MAX_ANSWER_BYTES:
                raise MalformedAnswer(Code.ANSWER_TOO_LONG)
    response.raw = BytesIO(body)
    return response
