"""What can go wrong with a request to an address that somebody entered. No message holds an address or a secret."""

# ruff: noqa: N818 - the names say what happened, as in `api/errors.py`


class HttpError(Exception):
    """Any failure to get an answer. An answer with an error status is an answer."""


class BadUrl(HttpError):
    """This is no URL that a request can be made to: not http(s), without a host, or with a name or password in it."""


class NotConfidential(HttpError):
    """Plain http to another machine: everybody on the way could read what is sent."""


class ForbiddenAddress(HttpError):
    """The host leads into this machine or a private network that the portal was not allowed to go to."""


class BadCertificate(HttpError):
    """The certificate of the host can't be verified."""


class TooLarge(HttpError):
    """The answer has more bytes than were asked for at most."""


class Unreachable(HttpError):
    """No (whole) answer came, or not in time; it may come later."""


class TooSlow(Unreachable):
    """The answer took longer than an exchange may. Asking at once again would take as long."""
