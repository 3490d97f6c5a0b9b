"""The only place that makes HTTP requests to other systems: GETs, and the POST that gets a token.

A secret is sent to the host of the base URL, or to a system's token endpoint, and nowhere else: only downloads follow a
redirect, and without the secret. `offorte_portal.http` checks where requests go, and how large answers are.

A call, with its retries and redirects, may take SOURCE_CALL_SECONDS in all, and a task or page has a limit for all of
its calls together: however slowly a system answers, no task runs into the worker's own timeout. A call that was too
slow is not retried at once.
"""

import logging
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from requests.auth import AuthBase

from offorte_portal import http, ports
from offorte_portal.http import BadUrl, Client, HttpError, Network, Reply
from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.other_systems.systems import answers
from offorte_portal.other_systems.systems.errors import Busy, Malformed, Refused, TooSlow, Unavailable, WrongAddress
from offorte_portal.other_systems.systems.failures import explain, explain_failure

logger = logging.getLogger(__name__)

# The most bytes of a page of a list, and of a document.
LARGEST_PAGE, LARGEST_FILE = 20 * 1024 * 1024, 50 * 1024 * 1024
BACKOFF = (0.5, 1.5)
# Seconds; for a longer wait the import is postponed, instead of a process sleeping.
LONGEST_SLEEP = 5.0
# Seconds that getting a token may take.
TOKEN_SECONDS = 30.0
ACCEPT = {"Accept": "application/json, application/pdf;q=0.9, */*;q=0.5"}


@dataclass(frozen=True, slots=True)
class Answer:
    """The JSON of an answer, and its headers, whose names are case-insensitive."""

    data: object
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class File:
    """A document: its content, and its type according to the system."""

    content: bytes
    content_type: str


class NoAuth(AuthBase):
    """Sends no secret, and keeps `requests` from looking for one in a .netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class Header(AuthBase):
    """Sends a secret in a header. Raises Refused where the secret can't be put into a header."""

    def __init__(self, name: str, value: str) -> None:
        if not value.isascii() or not value.isprintable():
            raise Refused(SourceReason.SECRET_UNFIT)
        self.name, self.value = name, value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers[self.name] = self.value
        return request


@dataclass(frozen=True, slots=True)
class Credentials:
    """The secret that a person entered, and a token that was obtained with it earlier ("" for none).

    `keep` is called with a new token and the seconds until it expires, None where the system did not say.
    """

    secret: str
    token: str = ""
    keep: Callable[[str, float | None], None] = lambda token, seconds: None


@dataclass(frozen=True, slots=True)
class Access:
    """How requests authenticate; `renew`, where there is one, makes new authentication after a 401 or 403."""

    auth: AuthBase
    renew: Callable[[], AuthBase] | None = None


class Http:
    """Makes requests to one system below one base URL, at most `requests_per_second` (0: no limit).

    A call may take `call_seconds` (by default SOURCE_CALL_SECONDS), and all calls together `seconds` from now. `count`
    is the number of requests made.
    """

    def __init__(
        self,
        base_url: str,
        access: Access,
        *,
        requests_per_second: float = 0,
        seconds: float = math.inf,
        call_seconds: float | None = None,
        sleep: Callable[[float], None] = ports.sleep,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.auth = access.auth
        self.count = 0
        self._renew = access.renew
        self._pause = 1 / requests_per_second if requests_per_second else 0.0
        self._next_at = 0.0
        self._until = ports.monotonic() + seconds
        self._call_seconds = settings.SOURCE_CALL_SECONDS if call_seconds is None else call_seconds
        self._sleep = sleep
        self._client = Client(settings.PORTAL_PRIVATE_NETWORKS)

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        """Get a path below the base URL and read its JSON. Raises SourceError."""
        with self._get(self.base_url + path, params, largest=LARGEST_PAGE) as reply:
            return Answer(_read_json(reply), reply.headers)

    def download(self, path: str) -> File:
        """Get a file. A redirect is followed once, without the secret. Raises SourceError."""
        with self._get(self.base_url + path, None, largest=LARGEST_FILE, may_move=True) as reply:
            return File(reply.body.read(), reply.headers.get("Content-Type", ""))

    def _get(self, url: str, params: Mapping[str, str | int] | None, *, largest: int, may_move: bool = False) -> Reply:
        until = min(self._until, ports.monotonic() + self._call_seconds)
        pauses = iter(BACKOFF)
        may_renew = self._renew is not None
        while True:
            try:
                return self._attempt(url, params, until, largest=largest, may_move=may_move)
            except Refused:
                if not may_renew or self._renew is None:
                    raise
                may_renew, self.auth = False, self._renew()
            except TooSlow:
                raise
            except (Busy, Unavailable) as error:
                pause = next(pauses, None)
                asked = getattr(error, "retry_after", None) or 0.0
                if pause is None or asked > LONGEST_SLEEP:
                    raise
                pause = max(pause * ports.uniform(1, 1.5), asked)
                if pause > until - ports.monotonic():
                    raise
                self._sleep(pause)

    def _attempt(
        self, url: str, params: Mapping[str, str | int] | None, until: float, *, largest: int, may_move: bool
    ) -> Reply:
        wait = self._next_at - ports.monotonic()
        if wait > 0:
            self._sleep(wait)
        self._next_at = ports.monotonic() + self._pause
        with _explained("GET", url):
            self.count += 1
            reply = self._client.get(
                url, params=params, headers=ACCEPT, auth=self.auth, largest=largest, seconds=_left(until)
            )
            if may_move and 300 <= reply.status < 400 and "Location" in reply.headers:
                reply.body.close()
                self.count += 1
                # Followed without the secret; a redirect from the internet never leads into a private network.
                networks: Sequence[Network] = self._client.networks if self._client.is_private(url) else ()
                place = urljoin(url, reply.headers["Location"])
                with Client(networks) as client:
                    reply = client.get(place, headers=ACCEPT, largest=largest, seconds=_left(until))
        if 200 <= reply.status < 300:
            return reply
        with reply:
            raise explain(reply)


def post_for_token(url: str, auth: AuthBase, fields: Mapping[str, str]) -> dict[str, object]:
    """Post form fields to an OAuth token endpoint and return its JSON object. Raises SourceError."""
    with Client(settings.PORTAL_PRIVATE_NETWORKS) as client:
        with _explained("POST", url):
            headers = {"Accept": "application/json"}
            reply = client.post(url, data=fields, headers=headers, auth=auth, seconds=TOKEN_SECONDS)
        with reply:
            if reply.status in {400, 401, 403}:
                raise Refused
            if not 200 <= reply.status < 300:
                raise explain(reply)
            data = _read_json(reply)
    if not isinstance(data, dict):
        raise Malformed
    return data


def _left(until: float) -> float:
    """Return the seconds until a moment. Raises http.TooSlow where it has passed."""
    left = until - ports.monotonic()
    if left <= 0:
        raise http.TooSlow
    return left


@contextmanager
def _explained(method: str, url: str) -> Iterator[None]:
    try:
        yield
    except HttpError as error:
        path = "" if isinstance(error, BadUrl) else urlsplit(url).path
        logger.warning("%s %s: %s", method, path, type(error).__name__)
        raise explain_failure(error) from None


def _read_json(reply: Reply) -> object:
    content = reply.body.read()
    try:
        return answers.parse(content)
    except ValueError:
        is_page = "html" in reply.headers.get("Content-Type", "").lower() or content.lstrip()[:1] == b"<"
        raise (WrongAddress() if is_page else Malformed()) from None
