"""What happened to a request when HTTP itself failed: never sent for certain, dropped, or timed out."""

import ssl

import requests
import urllib3.exceptions

from offorte_portal.api.codes import Code
from offorte_portal.api.errors import NotConnected, OfforteError, TimedOut, Unavailable

_BAD_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    urllib3.exceptions.LocationValueError,
)


def explain_failure(error: Exception) -> OfforteError:
    """Return the error for a failure of requests or urllib3; `is_undone` only where it certainly wasn't sent."""
    if isinstance(error, _BAD_ADDRESS):
        return NotConnected(Code.ADDRESS_INVALID)
    # Unwrap it: by the `reason` of MaxRetryError, else by the first argument.
    reason = error
    while isinstance(inner := getattr(reason, "reason", None) or next(iter(reason.args), None), Exception):
        reason = inner
    if isinstance(reason, ssl.SSLCertVerificationError):
        return Unavailable(Code.CERTIFICATE_INVALID, is_undone=True)
    # Both mean that no connection was made; a failed name look-up is a NewConnectionError.
    if isinstance(reason, urllib3.exceptions.ConnectTimeoutError | urllib3.exceptions.NewConnectionError) or isinstance(
        error, requests.exceptions.ConnectTimeout
    ):
        return Unavailable(is_undone=True)
    if isinstance(reason, urllib3.exceptions.ReadTimeoutError) or isinstance(error, requests.exceptions.Timeout):
        return TimedOut()
    return Unavailable(Code.CONNECTION_LOST)
