"""The session that everything is sent to Offorte with: requests-oauthlib's, closed where it is too trusting.

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

# Seconds to connect and between two bytes, where a request does not bring its own.
TIMEOUT = (5, 15)
# Seconds for a whole exchange, and the bytes of its answer, where it is not streamed by whoever asked.
LONGEST_ANSWER = 30
MAX_ANSWER_BYTES = 64 * 1024

Headers = dict[str, str] | None


class OfforteSession(OAuth2Session):
    """Sends nothing in clear, follows no redirect, and waits for no answer without end."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._lines = bound(self)

    # Error reports of Django then show no variable of this function or of the libraries below it.
    @sensitive_variables()
    def request(self, method: str | bytes, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        """Send a request. Raises NotConnected, MalformedAnswer, TimedOut, or what requests raises."""
        require_confidential(str(url))
        # A redirect would take the bearer, or a form with the client's secret, wherever the answer says.
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
        """Close the connections."""
        super().close()
        self._lines.close()


def open_session(read_token: Callable[[], str]) -> OfforteSession:
    """Return a session whose requests carry what `read_token` answers when they are sent.

    When that token ends is not said: Offorte's 401 counts, whatever the clock of this machine shows.
    """
    session = OfforteSession(token={"token_type": "Bearer"})

    def take_current_token(url: str, headers: Headers, data: object) -> tuple[str, Headers, object]:
        session.token = {"access_token": read_token(), "token_type": "Bearer"}
        return url, headers, data

    session.register_compliance_hook("protected_request", take_current_token)
    return session


@sensitive_variables()
def _read_bounded(response: requests.Response) -> requests.Response:
    """Read the body, and put it back for requests to find."""
    body = bytearray()
    with response:
        for chunk in response.raw.stream(8 * 1024, decode_content=True):
            body += chunk
            if len(body) > MAX_ANSWER_BYTES:
                raise MalformedAnswer(Code.ANSWER_TOO_LONG)
    response.raw = BytesIO(body)
    return response
