"""What an answer that is no answer means, and a request that got none."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import IO

import requests
import urllib3.exceptions
from django.utils.translation import gettext_noop

from offorte_portal.sources import answers
from offorte_portal.sources.addresses import ELSEWHERE
from offorte_portal.sources.errors import (
    Busy,
    Missing,
    Refused,
    Rejected,
    SourceError,
    Unavailable,
    WrongAddress,
)

LONGEST_WAIT = 24 * 3600.0
# 4xx and 5xx that pass by themselves.
_PASSING = frozenset({408, 425, 502, 503, 504})


def explain(status: int, headers: Mapping[str, str], body: IO[bytes]) -> SourceError:
    """The error that an answer stands for."""
    if status in {401, 403}:
        return Refused()
    if status in {404, 410}:
        return Missing(answer=_json_or_none(body))
    if status == 429:
        return Busy(retry_after=_retry_after(headers))
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


def explain_failure(error: Exception) -> SourceError:
    passing = (requests.ConnectionError, requests.Timeout, urllib3.exceptions.HTTPError)
    cut = (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError)
    if isinstance(error, requests.exceptions.SSLError):
        return WrongAddress(gettext_noop("The certificate of this address can't be verified."))
    return Unavailable() if isinstance(error, passing + cut) else WrongAddress()


def _json_or_none(body: IO[bytes]) -> object:
    try:
        return answers.parse(body.read())
    except ValueError:
        return None
