"""Errors of requests to addresses that people enter. No message holds an address or a secret."""

# ruff: noqa: N818 - the names say what happened, as in `api/errors.py`


class HttpError(Exception):
    """Any failure to get a response. A response with an error status is not a failure."""


class BadUrl(HttpError):
    """The URL can't be requested: it is invalid or not http(s), or it has no host, or a user name or password in it."""


class NotConfidential(HttpError):
    """The request would use plain http to another machine: anybody on the way could read it."""


class ForbiddenAddress(HttpError):
    """The host resolves to this machine, or to a private network that is not allowed."""


class BadCertificate(HttpError):
    """The certificate of the host can't be verified."""


class TooLarge(HttpError):
    """The response has more bytes than the limit."""


class Unreachable(HttpError):
    """No complete response came, or not in time; a later request may succeed."""


class TooSlow(Unreachable):
    """The response took too long; a retry at once would take as long."""
