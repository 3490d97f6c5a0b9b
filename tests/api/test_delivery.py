import socket
import ssl
from typing import Any

import pytest
import requests
import urllib3.exceptions as low

from offorte_portal.api.delivery import explain_failure
from offorte_portal.api.errors import NotConnected, OfforteError, TimedOut, Unavailable

# None of these errors needs a real pool.
POOL: Any = None


def wrapped(reason: Exception) -> requests.exceptions.ConnectionError:
    return requests.exceptions.ConnectionError(low.MaxRetryError(POOL, "/companies", reason))


@pytest.mark.parametrize(
    ("failure", "kind", "is_undone"),
    [
        (wrapped(low.NewConnectionError(POOL, "refused")), Unavailable, True),
        (wrapped(low.NameResolutionError("offorte.invalid", POOL, socket.gaierror())), Unavailable, True),
        (
            requests.exceptions.ConnectTimeout(low.MaxRetryError(POOL, "/", low.ConnectTimeoutError())),
            Unavailable,
            True,
        ),
        (requests.exceptions.ConnectTimeout(), Unavailable, True),
        (
            requests.exceptions.SSLError(low.MaxRetryError(POOL, "/", low.SSLError(ssl.SSLCertVerificationError()))),
            Unavailable,
            True,
        ),
        (
            requests.exceptions.SSLError(low.MaxRetryError(POOL, "/", low.SSLError(ssl.SSLEOFError()))),
            Unavailable,
            False,
        ),
        (requests.exceptions.ReadTimeout(low.ReadTimeoutError(POOL, "/", "slow")), TimedOut, False),
        # In the middle of a body requests calls a timeout a ConnectionError.
        (requests.exceptions.ConnectionError(low.ReadTimeoutError(POOL, "/", "slow")), TimedOut, False),
        (requests.exceptions.Timeout(), TimedOut, False),
        (requests.exceptions.ConnectionError(low.ProtocolError("aborted", OSError())), Unavailable, False),
        (requests.exceptions.ChunkedEncodingError(low.IncompleteRead(1, 2)), Unavailable, False),
        (requests.exceptions.ContentDecodingError(low.DecodeError()), Unavailable, False),
        (requests.exceptions.InvalidHeader("Invalid header: Bearer secret"), Unavailable, False),
        (low.HTTPError("secret"), Unavailable, False),
    ],
)
def test_failures_say_whether_anything_was_done(failure: Exception, kind: type[Unavailable], is_undone: bool) -> None:
    error = explain_failure(failure)

    assert type(error) is kind
    assert isinstance(error, Unavailable)
    assert error.is_undone is is_undone
    assert error.status is None
    assert "secret" not in str(error)


@pytest.mark.parametrize(
    "failure",
    [
        requests.exceptions.InvalidURL("bad"),
        requests.exceptions.MissingSchema("bad"),
        requests.exceptions.InvalidSchema("bad"),
    ],
)
def test_a_bad_address_is_no_connection(failure: Exception) -> None:
    error: OfforteError = explain_failure(failure)

    assert type(error) is NotConnected
