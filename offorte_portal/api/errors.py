"""Everything that can go wrong between the portal and Offorte, as one tree.

Callers tell errors apart by class, so the classes are named by what they mean. The `reason` of an error is a code with
values; its text is in `connections/reasons.py`. No value is ever a body, a token or an address.
"""

# ruff: noqa: N818 - "Hidden" and "Gone" say more than "HiddenError" and "GoneError"

from datetime import datetime
from typing import ClassVar

from offorte_portal.api.codes import Code
from offorte_portal.text.reason import Reason


class OfforteError(Exception):
    """Any failure to get something from Offorte or to change something there.

    `reason` says why, by default with the `code` of the class. As text, for logs, an error is its code and values.
    `can_retry` says whether the same request may be sent again later without asking a person. `requested_at` is the
    moment just before the request was sent, None where none was sent: a 404 is known to hold from then on.
    """

    can_retry: ClassVar[bool] = False
    code: ClassVar[str] = Code.FAILED

    def __init__(self, reason: Reason | str = "") -> None:
        self.reason = reason if isinstance(reason, Reason) else Reason(str(reason or self.code))
        self.requested_at: datetime | None = None
        super().__init__(self.reason)

    @property
    def explanation(self) -> Reason:
        """The most specific reason that is known: Offorte's own where it gave one."""
        return self.reason


class NotConnected(OfforteError):
    """The account has no usable connection, so that nothing could be asked."""

    code = Code.NOT_CONNECTED


class AuthenticationFailed(OfforteError):
    """Offorte does not accept the token (401)."""

    code = Code.AUTHENTICATION_FAILED


class Hidden(OfforteError):
    """The item exists but may not be seen (403): neither a deletion nor a broken connection."""

    code = Code.HIDDEN


class NotFound(OfforteError):
    """Offorte has no such item (404)."""

    code = Code.NOT_FOUND


class Gone(NotFound):
    """The item was removed at Offorte (410)."""

    code = Code.GONE


class Rejected(OfforteError):
    """Offorte refused the request because of its content (400, 405, 422 and other 4xx).

    `detail` is Offorte's own reason, "" where it gave none; `field_errors` holds its reasons by field name.
    Both are plain text from outside: escape them when showing them.
    """

    code = Code.REJECTED

    def __init__(
        self, reason: Reason | str = "", *, field_errors: dict[str, list[str]] | None = None, detail: str = ""
    ) -> None:
        super().__init__(reason)
        self.field_errors = field_errors or {}
        self.detail = detail

    @property
    def explanation(self) -> Reason:
        return Reason(Code.REJECTED_BECAUSE, {"detail": self.detail}) if self.detail else self.reason


class RateLimited(OfforteError):
    """Too many requests (429). `retry_after` is in seconds, None where Offorte did not say."""

    can_retry = True
    code = Code.RATE_LIMITED

    def __init__(self, reason: Reason | str = "", *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Unavailable(OfforteError):
    """Offorte could not be reached or could not answer; what was asked may be asked again.

    `status` is the HTTP status, None where no response came at all. `is_undone` says that the request was certainly not
    carried out; it is not set merely because the request is one that changes nothing.
    """

    can_retry = True
    code = Code.UNAVAILABLE

    def __init__(self, reason: Reason | str = "", *, status: int | None = None, is_undone: bool = False) -> None:
        super().__init__(reason)
        self.status = status
        self.is_undone = is_undone


class TimedOut(Unavailable):
    """Offorte took too long to answer."""

    code = Code.TIMED_OUT


class OutcomeUnknown(OfforteError):
    """A write may or may not have been carried out: never repeat it without checking first."""

    code = Code.OUTCOME_UNKNOWN


class MalformedAnswer(OfforteError):
    """Offorte's response can't be understood."""

    code = Code.MALFORMED
