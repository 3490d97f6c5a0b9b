"""The only place that talks HTTP with other systems: GETs, and the POST that gets a token.

A secret goes to the host of the base URL and nowhere else: redirects are not followed, but for a download, which goes
on without it.
"""

import logging
import random
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

import requests
import urllib3.exceptions
from django.utils.translation import gettext_noop
from requests.auth import AuthBase

from offorte_portal.sources import answers
from offorte_portal.sources.addresses import next_url, require_confidential
from offorte_portal.sources.errors import Busy, Malformed, Refused, Unavailable, WrongAddress
from offorte_portal.sources.failures import explain, explain_failure

logger = logging.getLogger(__name__)

TIMEOUT = (5, 60)
IN_MEMORY, LARGEST = 5 * 1024 * 1024, 200 * 1024 * 1024
BACKOFF = (0.5, 1.5)
# A longer wait is for the import to take, not for a process to sleep through.
LONGEST_SLEEP = 5.0
UNFIT = gettext_noop("The stored secret can't be used: it holds characters that no secret has.")
TOO_LONG = gettext_noop("The system's answer is too long.")


@dataclass(frozen=True, slots=True)
class Answer:
    """The JSON of an answer, and its headers (in any case)."""

    data: object
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class File:
    """A document: its content and the type that the system says."""

    content: bytes
    content_type: str


class NoAuth(AuthBase):
    """Sends no secret; and keeps requests from looking for one in a .netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """As it is."""
        return request


class Header(AuthBase):
    """Sends a secret in a header. Raises Refused where no header can hold it."""

    def __init__(self, name: str, value: str) -> None:
        if not value.isascii() or not value.isprintable():
            raise Refused(UNFIT)
        self.name, self.value = name, value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """With the header."""
        request.headers[self.name] = self.value
        return request


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person entered, and a token that was got with it earlier ("" for none).

    `keep` is told of a new token and in how many seconds it ends, None where nobody said.
    """

    secret: str
    token: str = ""
    keep: Callable[[str, float | None], None] = lambda token, seconds: None


@dataclass(frozen=True, slots=True)
class Access:
    """How requests show who asks; `renew` makes that anew after a 401, where it can be."""

    auth: AuthBase
    renew: Callable[[], AuthBase] | None = None


class Http:
    """Requests to one system below one base URL, no more than so many a second (0: no limit)."""

    def __init__(
        self,
        base_url: str,
        access: Access,
        *,
        requests_per_second: float = 0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.base_url = require_confidential(base_url).rstrip("/")
        self.auth = access.auth
        self.count = 0
        self._renew = access.renew
        self._pause = 1 / requests_per_second if requests_per_second else 0.0
        self._next_at = 0.0
        self._sleep = sleep
        self._session = requests.Session()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        """GET a path below the base URL and read its JSON. Raises SourceError."""
        body, headers = self._get(self.base_url + path, params)
        with body:
            return Answer(_read_json(body, headers), headers)

    def download(self, path: str) -> File:
        """GET a file. A redirect is followed once, without the secret."""
        body, headers = self._get(self.base_url + path, None, may_move=True)
        with body:
            return File(body.read(), headers.get("Content-Type", ""))

    def _get(
        self, url: str, params: Mapping[str, str | int] | None, *, may_move: bool = False
    ) -> tuple[IO[bytes], Mapping[str, str]]:
        pauses = iter(BACKOFF)
        may_renew = self._renew is not None
        while True:
            try:
                return self._attempt(url, params, may_move=may_move)
            except Refused:
                if not may_renew or self._renew is None:
                    raise
                may_renew, self.auth = False, self._renew()
            except (Busy, Unavailable) as error:
                pause = next(pauses, None)
                asked = getattr(error, "retry_after", None) or 0.0
                if pause is None or asked > LONGEST_SLEEP:
                    raise
                self._sleep(max(pause * random.uniform(1, 1.5), asked))  # noqa: S311 - spreads retries

    def _attempt(
        self, url: str, params: Mapping[str, str | int] | None, *, may_move: bool
    ) -> tuple[IO[bytes], Mapping[str, str]]:
        self._wait_for_turn()
        status, headers, body = self._exchange(url, params, self.auth)
        if may_move and 300 <= status < 400 and headers.get("Location"):
            body.close()
            status, headers, body = self._exchange(next_url(url, headers["Location"]), None, NoAuth())
        if 200 <= status < 300:
            return body, headers
        with body:
            raise explain(status, headers, body)

    def _wait_for_turn(self) -> None:
        left = self._next_at - time.monotonic()
        if left > 0:
            self._sleep(left)
        self._next_at = time.monotonic() + self._pause

    def _exchange(
        self, url: str, params: Mapping[str, str | int] | None, auth: AuthBase
    ) -> tuple[int, Mapping[str, str], IO[bytes]]:
        self.count += 1
        try:
            with self._session.get(
                url,
                params=params,
                headers={"Accept": "application/json, application/pdf;q=0.9, */*;q=0.5"},
                auth=auth,
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as response:
                return response.status_code, response.headers, _spool(response)
        except (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError, ValueError) as error:
            # Not chained: the texts of these errors can hold addresses and, for a bad header, the secret.
            logger.warning("GET %s: %s", urlsplit(url).path, type(error).__name__)
            raise explain_failure(error) from None


def post_for_token(url: str, auth: AuthBase, fields: Mapping[str, str]) -> dict[str, object]:
    """The only POST: form fields to an OAuth token endpoint, and its JSON object back. Raises SourceError."""
    require_confidential(url)
    headers = {"Accept": "application/json"}
    try:
        with (
            requests.post(
                url, data=fields, auth=auth, timeout=TIMEOUT, allow_redirects=False, headers=headers, stream=True
            ) as response,
            _spool(response) as body,
        ):
            if response.status_code in {400, 401, 403}:
                raise Refused
            if not 200 <= response.status_code < 300:
                raise explain(response.status_code, response.headers, body)
            data = _read_json(body, response.headers)
    except (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError) as error:
        raise explain_failure(error) from None
    if not isinstance(data, dict):
        raise Malformed
    return data


def _spool(response: requests.Response) -> IO[bytes]:
    """The body, on disk where it is large."""
    body: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the caller closes it
    size = 0
    for chunk in response.iter_content(64 * 1024):
        size += len(chunk)
        if size > LARGEST:
            body.close()
            raise Malformed(TOO_LONG)
        body.write(chunk)
    body.seek(0)
    return body


def _read_json(body: IO[bytes], headers: Mapping[str, str]) -> object:
    content = body.read()
    try:
        return answers.parse(content)
    except ValueError:
        is_page = "html" in headers.get("Content-Type", "").lower() or content.lstrip()[:1] == b"<"
        raise (WrongAddress() if is_page else Malformed()) from None
