"""What can go wrong between the portal and another system; words are in `reasons.py`. No addresses, bodies, secrets."""

# ruff: noqa: N818 - the names say what happened, as in `api/errors.py`

from typing import ClassVar

from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.text.reason import Reason


class SourceError(Exception):
    """Any failure to read from another system. `can_retry`: the same may work later without anybody's doing."""

    can_retry: ClassVar[bool] = False
    code: ClassVar[str] = SourceReason.FAILED

    def __init__(self, reason: Reason | str = "") -> None:
        self.reason = reason if isinstance(reason, Reason) else Reason(str(reason or self.code))
        super().__init__(self.reason)


class Refused(SourceError):
    """The secret is not accepted, or may not do this (401, 403)."""

    code = SourceReason.REFUSED


class WrongAddress(SourceError):
    """What answers is not the system's API."""

    code = SourceReason.WRONG_ADDRESS


class Missing(SourceError):
    """There is no such thing (404, 410). `answer` is the JSON that said so, None where it was none."""

    code = SourceReason.MISSING

    def __init__(self, reason: Reason | str = "", *, answer: object = None) -> None:
        super().__init__(reason)
        self.answer = answer


class Rejected(SourceError):
    """The system refuses the question itself (other 4xx)."""

    code = SourceReason.REJECTED


class Busy(SourceError):
    """Too many requests (429); `retry_after` in seconds, None where the system did not say."""

    can_retry = True
    code = SourceReason.BUSY

    def __init__(self, reason: Reason | str = "", *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Unavailable(SourceError):
    """The system could not be reached or could not answer."""

    can_retry = True
    code = SourceReason.UNAVAILABLE


class TooSlow(Unavailable):
    """The answer did not come in time. Asking again at once would take as long."""

    code = SourceReason.TOO_SLOW


class Malformed(SourceError):
    """The system's API answered something that can't be understood."""

    code = SourceReason.MALFORMED
