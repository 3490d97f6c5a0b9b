"""Everything that can go wrong between the portal and Offorte, as one tree.

Callers tell errors apart by class, so the classes are named by what they mean. Messages are written for
people and never hold a body, a token or an address.
"""

# ruff: noqa: N818 - "Hidden" and "Gone" say more than "HiddenError" and "GoneError"

from datetime import datetime
from typing import ClassVar


class OfforteError(Exception):
    """Any failure to get something from Offorte or to change something there.

    `can_retry` says whether the same request may be sent again later without asking a person. `requested_at` is the
    moment just before the request was sent, None where none was: from when on a 404 is known to hold.
    """

    can_retry: ClassVar[bool] = False
    default_message: ClassVar[str] = "Something went wrong with Offorte."

    def __init__(self, message: str = "") -> None:
        self.message = message or self.default_message
        self.requested_at: datetime | None = None
        super().__init__(self.message)


class NotConnected(OfforteError):
    """The account has no usable connection, so that nothing could be asked."""

    default_message = "This account is not connected to Offorte."


class AuthenticationFailed(OfforteError):
    """Offorte does not accept the token (401)."""

    default_message = "Offorte no longer accepts this connection. It has to be connected again."


class Hidden(OfforteError):
    """The item exists but may not be seen (403): neither a deletion nor a broken connection."""

    default_message = "Offorte hides this item from the portal."


class NotFound(OfforteError):
    """Offorte has no such item (404)."""

    default_message = "Offorte could not find this item."


class Gone(NotFound):
    """The item was removed at Offorte (410)."""

    default_message = "This item was removed at Offorte."


class Rejected(OfforteError):
    """Offorte refused the request for what it says (400, 405, 422 and other 4xx).

    `detail` is Offorte's own reason, "" where it gave none; `field_errors` holds its reasons by field name.
    Both are plain text from outside: escape them when showing them.
    """

    default_message = "Offorte did not accept this."

    def __init__(
        self, message: str = "", *, field_errors: dict[str, list[str]] | None = None, detail: str = ""
    ) -> None:
        super().__init__(message)
        self.field_errors = field_errors or {}
        self.detail = detail


class RateLimited(OfforteError):
    """Too many requests (429). `retry_after` is in seconds, None where Offorte did not say."""

    can_retry = True
    default_message = "Offorte takes no more requests for the moment."

    def __init__(self, message: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(OfforteError):
    """Offorte could not be reached or could not answer; what was asked may be asked again.

    `status` is the HTTP status, None where no answer came at all. `is_undone` says that nothing was carried
    out for certain, and not only because the request was one that changes nothing.
    """

    can_retry = True
    default_message = "Offorte can't be reached at the moment."

    def __init__(self, message: str = "", *, status: int | None = None, is_undone: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.is_undone = is_undone


class TimedOut(Unavailable):
    """Offorte took too long over an answer."""

    default_message = "Offorte takes too long to answer."


class OutcomeUnknown(OfforteError):
    """A write may or may not have been carried out: never repeat it before having looked."""

    default_message = "Offorte's answer was lost, so it is not known whether this was done."


class MalformedAnswer(OfforteError):
    """Offorte answered something that can't be understood."""

    default_message = "Offorte gave an answer that the portal does not understand."
