"""The only module that talks HTTP with Offorte: one request in, parsed JSON or an OfforteError out."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import requests
import urllib3.exceptions
from oauthlib.oauth2 import OAuth2Error, TokenExpiredError

from offorte_portal import ports
from offorte_portal.api.answers import decode_answer
from offorte_portal.api.codes import Code
from offorte_portal.api.concealing import conceal, conceal_refusal
from offorte_portal.api.delivery import explain_failure
from offorte_portal.api.encode import encode_json
from offorte_portal.api.errors import (
    AuthenticationFailed,
    MalformedAnswer,
    NotConnected,
    OfforteError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    TimedOut,
    Unavailable,
)
from offorte_portal.api.lists import WEBHOOKS
from offorte_portal.http import bound

logger = logging.getLogger(__name__)

JSON = "application/json; charset=utf-8"
MAX_ANSWER_BYTES = 20 * 1024 * 1024
NO_CONTENT = 204
# Seconds before the first and the second retry, each with up to 50% jitter on top.
BACKOFF = (0.5, 1.5)
# Seconds that a whole call may take: waiting for its turn, retries, and responses however slow.
DEADLINE = 60.0
# Statuses that are temporary; None is a dropped connection.
_PASSING = frozenset({None, 500, 502, 503, 504})
_METHODS_WITH_BODY = frozenset({"POST", "PATCH", "PUT"})
_HEADERS = {"Accept": JSON}
_HEADERS_WITH_BODY = {"Accept": JSON, "Content-Type": JSON}


class Gate(Protocol):
    """The account's share of requests (the portal's budget)."""

    def acquire(self) -> None:
        """Wait until one request may be sent; called before every attempt. May raise RateLimited."""

    def pause(self, seconds: float | None) -> None:
        """Record that Offorte answered 429, with the seconds it asked for; None where it gave none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful response; `data` is its JSON, None where there was none. `requested_at` is just before sending."""

    status: int
    data: object
    requested_at: datetime
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Call:
    """One request, with all its attempts."""

    method: str
    url: str
    path: str
    params: Mapping[str, str | int] | None
    body: bytes | None
    is_repeatable: bool
    needs_body: bool
    until: float

    @property
    def left(self) -> float:
        """Seconds until its deadline."""
        return self.until - ports.monotonic()


class Transport:
    """Sends requests to one Offorte account over one session, through one gate.

    `session` brings the bearer token, as its auth or as an OAuth2Session. `on_unauthorized` is called on a 401, once
    per request, and returns whether the session has a new token now, so that the request is worth sending again.
    `deadline` is in seconds, for a request with all its retries; the adapters of `session` are replaced, so that its
    connections can be cut off then.
    """

    def __init__(
        self,
        base_url: str,
        session: requests.Session,
        gate: Gate,
        connect_timeout: float = 5,
        read_timeout: float = 30,
        *,
        deadline: float = DEADLINE,
        on_unauthorized: Callable[[], bool] | None = None,
        sleep: Callable[[float], None] = ports.sleep,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._session = session
        self._gate = gate
        self._timeout = (connect_timeout, read_timeout)
        self._deadline = deadline
        self._lines = bound(session)
        self._on_unauthorized = on_unauthorized or (lambda: False)
        self._sleep = sleep

    def close(self) -> None:
        self._session.close()
        self._lines.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        json: Mapping[str, object] | None = None,
        is_safe_to_repeat: bool | None = None,
        needs_body: bool = True,
    ) -> Answer:
        """Send a request to a path below the account and return Offorte's response.

        A GET, or a request that is marked as safe, is retried up to twice on a dropped connection, 500, 502, 503 and
        504; any request is when it was certainly not sent. `needs_body=False` accepts any 2xx body, for endpoints
        without a documented one. Raises any OfforteError; OutcomeUnknown when a request that is not safe to repeat may
        have been carried out.
        """
        call = _Call(
            method=method,
            url=self._base_url + path,
            path=path,
            params=params,
            body=None if json is None else encode_json(json),
            is_repeatable=method == "GET" if is_safe_to_repeat is None else is_safe_to_repeat,
            needs_body=needs_body,
            until=ports.monotonic() + self._deadline,
        )
        pauses = iter(BACKOFF)
        may_ask_for_token = True
        while True:
            try:
                return self._attempt(call)
            except AuthenticationFailed:
                if not may_ask_for_token or not self._on_unauthorized():
                    raise
                may_ask_for_token = False
            except Unavailable as error:
                pause = next(pauses, None)
                if pause is None or not _is_worth_repeating(error, call):
                    raise
                pause *= ports.uniform(1, 1.5)
                if pause > call.left:
                    raise
                self._sleep(pause)

    def _attempt(self, call: _Call) -> Answer:
        self._gate.acquire()
        if call.left <= 0:
            raise TimedOut(is_undone=True)
        requested_at = ports.now()
        try:
            status, headers, body = self._exchange(call)
            return Answer(status, _decode(call, status, headers, body), requested_at, headers)
        except OfforteError as error:
            error.requested_at = requested_at
            if isinstance(error, RateLimited):
                self._gate.pause(error.retry_after)
            may_be_done = not error.is_undone if isinstance(error, Unavailable) else isinstance(error, MalformedAnswer)
            if call.is_repeatable or not may_be_done:
                raise
            unknown = OutcomeUnknown()
            unknown.requested_at = requested_at
            raise unknown from None

    def _exchange(self, call: _Call) -> tuple[int, Mapping[str, str], bytes]:
        try:
            with self._lines.deadline(call.left), self._send(call) as response:
                answer = response.status_code, response.headers, _read_bounded(response)
        except TokenExpiredError:
            raise AuthenticationFailed from None
        except OAuth2Error:
            raise NotConnected from None
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            # Not chained: the messages of these errors can hold addresses and, for a bad header, the token.
            logger.warning("%s %s: %s", call.method, call.path, type(error).__name__)
            failure = explain_failure(error)
            is_undone = isinstance(failure, Unavailable) and failure.is_undone
            raise (TimedOut() if self._lines.is_over and not is_undone else failure) from None
        except ValueError:
            # A token that can't be an HTTP header's value; the error's message shows it.
            raise NotConnected(Code.TOKEN_UNUSABLE) from None
        if self._lines.is_over:  # a response that ends with its connection looks complete when that is cut off
            raise TimedOut
        return answer

    def _send(self, call: _Call) -> requests.Response:
        return self._session.request(
            call.method,
            call.url,
            params=call.params,
            data=call.body,
            # A copy, because an OAuth2Session writes its bearer token into the given dictionary.
            headers=dict(_HEADERS_WITH_BODY if call.method in _METHODS_WITH_BODY else _HEADERS),
            timeout=self._timeout,
            allow_redirects=False,
            stream=True,
        )


def _is_worth_repeating(error: Unavailable, call: _Call) -> bool:
    """Return whether to retry at once: not after a timeout, as the caller has waited and Offorte is slow already."""
    if error.status is None and error.is_undone:
        return True
    return call.is_repeatable and not isinstance(error, TimedOut) and error.status in _PASSING


def _read_bounded(response: requests.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(64 * 1024):
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            raise MalformedAnswer(Code.ANSWER_TOO_LONG)
    return bytes(body)


def _decode(call: _Call, status: int, headers: Mapping[str, str], body: bytes) -> object:
    """Return the JSON of a response, without the secrets of webhooks.

    Raises MalformedAnswer for an empty 200 where a body is needed: read as a list it would mean "none left".
    """
    is_about_webhooks = call.path.startswith(WEBHOOKS.path)
    try:
        data = decode_answer(status, headers, body)
        if call.needs_body and status != NO_CONTENT and not body.strip():
            raise MalformedAnswer(Code.ANSWER_EMPTY)
    except MalformedAnswer:
        if call.needs_body or not 200 <= status < 300:
            raise
        return None
    except Rejected as error:
        raise conceal_refusal(error) if is_about_webhooks else error from None
    return conceal(data) if is_about_webhooks else data
