"""The client for addresses that people enter: it checks where it connects, and limits responses in size and time."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Self

import requests
import urllib3.exceptions
from requests.auth import AuthBase

from offorte_portal.http.addresses import Network, check_url
from offorte_portal.http.deadline import bound
from offorte_portal.http.errors import BadCertificate, BadUrl, TooLarge, TooSlow, Unreachable
from offorte_portal.http.guard import Guard

# Seconds to connect to one address, and between two chunks of a response.
TIMEOUT = (5, 60)
# Seconds that a whole exchange may take, unless the caller sets another limit.
DEADLINE = 60.0
# Most bytes of a response, unless the caller sets another limit; more than IN_MEMORY are kept on disk.
LARGEST, IN_MEMORY = 20 * 1024 * 1024, 5 * 1024 * 1024
CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """A response of any status; the caller closes it."""

    status: int
    headers: Mapping[str, str]
    body: IO[bytes]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.body.close()


class Client:
    """Sends requests to addresses that people entered.

    It connects to public addresses and to those in `networks`, by https or, on this machine, by plain http. Redirects
    are not followed: the caller may request their target with another client, which carries no secret. Proxies and
    passwords from the environment are not used: a proxy would resolve host names itself.
    """

    def __init__(self, networks: Sequence[Network] = ()) -> None:
        self.networks = tuple(networks)
        self._guard = Guard(self.networks)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        bound(self._session, self._guard)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._session.close()
        self._guard.close()

    def is_private(self, url: str) -> bool:
        """Return whether the host of a URL was last connected at an address of `networks` that is not public."""
        return self._guard.is_private(check_url(url, self.networks).hostname or "")

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: AuthBase | None = None,
        largest: int | None = None,
        seconds: float | None = None,
    ) -> Reply:
        """GET a URL: at most `largest` bytes, within `seconds` in all. Raises HttpError."""
        return self._exchange("GET", url, largest, seconds, params=params, headers=headers, auth=auth)

    def post(
        self,
        url: str,
        *,
        data: Mapping[str, str] | bytes,
        headers: Mapping[str, str] | None = None,
        auth: AuthBase | None = None,
        largest: int | None = None,
        seconds: float | None = None,
    ) -> Reply:
        """POST form fields or a body to a URL, with the same limits as `get`. Raises HttpError."""
        return self._exchange("POST", url, largest, seconds, data=data, headers=headers, auth=auth)

    def _exchange(self, method: str, url: str, largest: int | None, seconds: float | None, **options: object) -> Reply:
        check_url(url, self.networks)
        try:
            with (
                self._guard.deadline(DEADLINE if seconds is None else max(seconds, 0.0)),
                self._session.request(
                    method,
                    url,
                    timeout=TIMEOUT,
                    allow_redirects=False,
                    stream=True,
                    **options,  # type: ignore[arg-type]
                ) as response,
            ):
                body = spool(response, LARGEST if largest is None else largest)
                reply = Reply(response.status_code, response.headers, body)
        # Not chained: the texts of these errors can hold addresses and, for a bad header, the secret.
        except requests.exceptions.SSLError:
            raise (TooSlow if self._guard.is_over else BadCertificate) from None
        except (requests.ConnectionError, requests.Timeout, urllib3.exceptions.HTTPError) as error:
            inner = error.args[0] if error.args else None  # within a body, it is wrapped in a connection error
            is_timeout = isinstance(error, requests.Timeout) or isinstance(inner, urllib3.exceptions.ReadTimeoutError)
            raise (TooSlow if self._guard.is_over or is_timeout else Unreachable) from None
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
            raise (TooSlow if self._guard.is_over else Unreachable) from None
        except (requests.RequestException, UnicodeError, ValueError):
            raise BadUrl from None
        if self._guard.is_over:  # a response that ends with its connection looks complete when that is cut off
            reply.body.close()
            raise TooSlow
        return reply


def spool(response: requests.Response, largest: int) -> IO[bytes]:
    """Return the decompressed body as a temporary file. Raises TooLarge once it exceeds `largest` bytes."""
    body: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the caller closes it
    size = 0
    try:
        for chunk in response.iter_content(CHUNK):
            size += len(chunk)
            if size > largest:
                raise TooLarge
            body.write(chunk)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body
