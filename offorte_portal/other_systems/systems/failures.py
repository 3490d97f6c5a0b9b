"""Turns unsuccessful responses, and requests without a response, into errors."""

from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import IO

from offorte_portal import ports
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
from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.other_systems.systems import answers, errors
from offorte_portal.other_systems.systems.errors import (
    Busy,
    Malformed,
    Missing,
    Refused,
    Rejected,
    SourceError,
    Unavailable,
    WrongAddress,
)

LONGEST_WAIT = 24 * 3600.0
# 4xx and 5xx of temporary failures.
_PASSING = frozenset({408, 425, 502, 503, 504})


# The error and the reason for each failure of a request without a response.
_FAILURES: dict[type[HttpError], tuple[type[SourceError], str]] = {
    NotConfidential: (WrongAddress, SourceReason.NOT_CONFIDENTIAL),
    ForbiddenAddress: (WrongAddress, SourceReason.PRIVATE),
    BadCertificate: (WrongAddress, SourceReason.NOT_VERIFIED),
    TooLarge: (Malformed, SourceReason.TOO_LONG),
    TooSlow: (errors.TooSlow, ""),
    Unreachable: (Unavailable, ""),
}


def explain(reply: Reply) -> SourceError:
    """Return the error that an unsuccessful response stands for."""
    status = reply.status
    if status in {401, 403}:
        return Refused()
    if status in {404, 410}:
        return Missing(answer=_json_or_none(reply.body))
    if status == 429:
        return Busy(retry_after=_retry_after(reply.headers))
    if status in _PASSING or status >= 500:
        return Unavailable()
    return WrongAddress(SourceReason.ELSEWHERE) if 300 <= status < 400 else Rejected()


def _retry_after(headers: Mapping[str, str]) -> float | None:
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max((until - ports.now()).total_seconds(), 0.0), LONGEST_WAIT)


def explain_failure(error: HttpError) -> SourceError:
    """Return the error that a request without a response stands for."""
    kind, message = _FAILURES.get(type(error), (WrongAddress, ""))
    return kind(message)


def _json_or_none(body: IO[bytes]) -> object:
    try:
        return answers.parse(body.read())
    except ValueError:
        return None
