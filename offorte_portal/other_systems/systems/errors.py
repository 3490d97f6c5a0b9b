"""Errors between the portal and another system, without addresses, bodies or secrets; `reasons.py` has their texts."""

# ruff: noqa: N818 - the names say what happened, as in `api/errors.py`

from typing import ClassVar

from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.text.reason import Reason


class SourceError(Exception):
    """Any failure to read from another system. `can_retry` says that the same request may succeed later by itself."""

    can_retry: ClassVar[bool] = False
    code: ClassVar[str] = SourceReason.FAILED

    def __init__(self, reason: Reason | str = "") -> None:
        self.reason = reason if isinstance(reason, Reason) else Reason(str(reason or self.code))
        super().__init__(self.reason)


class Refused(SourceError):
    """The secret is not accepted, or does not give access to this (401, 403)."""

    code = SourceReason.REFUSED


class WrongAddress(SourceError):
    """The address is not, or can't be, that of the system's API."""

    code = SourceReason.WRONG_ADDRESS


class Missing(SourceError):
    """The item does not exist (404, 410). `answer` is the JSON of the response, None where it had none."""

    code = SourceReason.MISSING

    def __init__(self, reason: Reason | str = "", *, answer: object = None) -> None:
        super().__init__(reason)
        self.answer = answer


class Rejected(SourceError):
    """The system rejects the request itself (other 4xx)."""

    code = SourceReason.REJECTED


class Busy(SourceError):
    """Too many requests (429). `retry_after` is in seconds, None where the system did not say."""

    can_retry = True
    code = SourceReason.BUSY

    def __init__(self, reason: Reason | str = "", *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Unavailable(SourceError):
    """The system could not be reached, or could not answer."""

    can_retry = True
    code = SourceReason.UNAVAILABLE


class TooSlow(Unavailable):
    """The answer did not come in time. Another try at once would take as long."""

    code = SourceReason.TOO_SLOW


class Malformed(SourceError):
    """The system's API gave an answer that can't be understood."""

    code = SourceReason.MALFORMED
