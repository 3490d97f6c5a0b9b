"""What an HTTP response of Offorte means, decided without any IO."""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import orjson

from offorte_portal import ports
from offorte_portal.api.codes import Code
from offorte_portal.api.errors import (
    AuthenticationFailed,
    Gone,
    Hidden,
    MalformedAnswer,
    NotFound,
    OfforteError,
    RateLimited,
    Unavailable,
)
from offorte_portal.api.reasons import read_rejection

_BY_STATUS: dict[int, type[OfforteError]] = {
    401: AuthenticationFailed,
    403: Hidden,
    404: NotFound,
    410: Gone,
}
# Statuses of 4xx that don't reject the request itself: request timeout, too early.
_TEMPORARY = frozenset({408, 425})
# The only status that means that nothing was done; a 500, 502 or 504 can come after the work.
_MAINTENANCE = 503
# No wait that is meant seriously is longer, and clocks can't handle much longer ones.
_LONGEST_WAIT = 24 * 3600.0
_SECONDS = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def decode_answer(status: int, headers: Mapping[str, str], body: bytes) -> object:
    """Return the JSON of a response, None for an empty body. Raises the OfforteError that its status stands for.

    `headers` are looked up by lower-case names (in any case where the mapping ignores it).
    """
    if 200 <= status < 300:
        try:
            return parse_json(body) if body.strip() else None
        except ValueError:
            raise MalformedAnswer from None
    if status == 429:
        raise RateLimited(retry_after=read_retry_after(headers))
    if status in _BY_STATUS:
        raise _BY_STATUS[status]
    if status in _TEMPORARY or 500 <= status < 600:
        raise Unavailable(Code.CANT_ANSWER, status=status, is_undone=status == _MAINTENANCE)
    if 400 <= status < 500:
        try:
            reasons = parse_json(body)
        except ValueError:
            reasons = None
        raise read_rejection(reasons)
    if 300 <= status < 400:
        raise MalformedAnswer(Code.SENT_ELSEWHERE)
    raise MalformedAnswer


def read_retry_after(headers: Mapping[str, str]) -> float | None:
    """Read `Retry-After`, in seconds from now, of either form; None where it is missing or not readable."""
    value = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(value):
        return min(float(value), _LONGEST_WAIT)
    until = _read_http_date(value)
    if until is None:
        return None
    # By Offorte's own clock where the response has a date, as ours may be wrong.
    now = _read_http_date(headers.get("date", "")) or ports.now()
    return min(max((until - now).total_seconds(), 0.0), _LONGEST_WAIT)


def parse_json(body: bytes) -> object:
    """Parse JSON into values that both databases can store. Raises ValueError where it is not JSON.

    NUL and halves of surrogate pairs are replaced in text; a number that is not finite becomes null.
    """
    try:
        data: object = orjson.loads(body)
        return _make_storable(data) if b"\\u0000" in body else data
    except orjson.JSONDecodeError:
        pass
    try:
        # Slower, but it reads what is slightly off: a byte order mark, half of an emoji, NaN.
        return _make_storable(json.loads(body))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _make_storable(data: object) -> object:
    if isinstance(data, str):
        return _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", data.replace("\0", "\N{REPLACEMENT CHARACTER}"))
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if isinstance(data, list):
        return [_make_storable(item) for item in data]
    if isinstance(data, dict):
        return {_make_storable(name): _make_storable(value) for name, value in data.items()}
    return data


def _read_http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
