"""What can go wrong between the portal and another system. Messages are for people; no addresses, bodies or secrets."""

# ruff: noqa: N818 - the names say what happened, as in `api/errors.py`

from typing import ClassVar

from django.utils.translation import gettext_noop


class SourceError(Exception):
    """Any failure to read from another system. `can_retry`: the same may work later without anybody's doing."""

    can_retry: ClassVar[bool] = False
    default_message: ClassVar[str] = gettext_noop("Something went wrong with the other system.")

    def __init__(self, message: str = "") -> None:
        self.message = message or self.default_message
        super().__init__(self.message)


class Refused(SourceError):
    """The secret is not accepted, or may not do this (401, 403)."""

    default_message = gettext_noop("The system does not accept the secret, or it may not read quotes.")


class WrongAddress(SourceError):
    """What answers is not the system's API."""

    default_message = gettext_noop("What answers at this address is not the system's API. Check the base URL.")


class Missing(SourceError):
    """There is no such thing (404, 410). `answer` is the JSON that said so, None where it was none."""

    default_message = gettext_noop("The system has no such item (any more).")

    def __init__(self, message: str = "", *, answer: object = None) -> None:
        super().__init__(message)
        self.answer = answer


class Rejected(SourceError):
    """The system refuses the question itself (other 4xx)."""

    default_message = gettext_noop("The system refuses the question. Check the settings of the connection.")


class Busy(SourceError):
    """Too many requests (429); `retry_after` in seconds, None where the system did not say."""

    can_retry = True
    default_message = gettext_noop("The system takes no more requests for the moment.")

    def __init__(self, message: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(SourceError):
    """The system could not be reached or could not answer."""

    can_retry = True
    default_message = gettext_noop("The system can't be reached at the moment.")


class TooSlow(Unavailable):
    """The answer did not come in time. Asking again at once would take as long."""

    default_message = gettext_noop("The system answers too slowly.")


class Malformed(SourceError):
    """The system's API answered something that can't be understood."""

    default_message = gettext_noop("The system gave an answer that the portal does not understand.")
