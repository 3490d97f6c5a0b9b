"""What an answer that is no answer means, and a request that got none."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import IO

from django.utils.translation import gettext_noop

from offorte_portal.http import (
    BadCertificate,
    ForbiddenAddress,
    HttpError,
    NotConfidential,
    Reply,
    TooLarge,
    TooSlow,
    Unreachable,
)
from offorte_portal.sources import answers, errors
from offorte_portal.sources.errors import (
    Busy,
    Malformed,
    Missing,
    Refused,
    Rejected,
    SourceError,
    Unavailable,
    WrongAddress,
)

ELSEWHERE = gettext_noop("The address leads on to another one, which the portal does not follow. Check the base URL.")
NOT_CONFIDENTIAL = gettext_noop("The base URL has to be https, so that nobody on the way can read the secret.")
PRIVATE = gettext_noop(
    "This address leads into a private network, where the portal does not go. If it is your own, ask whoever runs the "
    "portal to allow that network (PORTAL_PRIVATE_NETWORKS)."
)
TOO_LONG = gettext_noop("The system's answer is too long.")
NOT_VERIFIED = gettext_noop("The certificate of this address can't be verified.")
LONGEST_WAIT = 24 * 3600.0
# 4xx and 5xx that pass by themselves.
_PASSING = frozenset({408, 425, 502, 503, 504})


# What keeps a request from being answered, and what it means.
_FAILURES: dict[type[HttpError], tuple[type[SourceError], str]] = {
    NotConfidential: (WrongAddress, NOT_CONFIDENTIAL),
    ForbiddenAddress: (WrongAddress, PRIVATE),
    BadCertificate: (WrongAddress, NOT_VERIFIED),
    TooLarge: (Malformed, TOO_LONG),
    TooSlow: (errors.TooSlow, ""),
    Unreachable: (Unavailable, ""),
}


def explain(reply: Reply) -> SourceError:
    """Return the error that an answer stands for."""
    status = reply.status
    if status in {401, 403}:
        return Refused()
    if status in {404, 410}:
        return Missing(answer=_json_or_none(reply.body))
    if status == 429:
        return Busy(retry_after=_retry_after(reply.headers))
    if status in _PASSING or status >= 500:
        return Unavailable()
    return WrongAddress(ELSEWHERE) if 300 <= status < 400 else Rejected()


def _retry_after(headers: Mapping[str, str]) -> float | None:
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max((until - datetime.now(UTC)).total_seconds(), 0.0), LONGEST_WAIT)


def explain_failure(error: HttpError) -> SourceError:
    """Return the error that a request without an answer stands for."""
    kind, message = _FAILURES.get(type(error), (WrongAddress, ""))
    return kind(message)


def _json_or_none(body: IO[bytes]) -> object:
    try:
        return answers.parse(body.read())
    except ValueError:
        return None
