"""Where a secret may be sent to."""

from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext_noop

from offorte_portal.sources.errors import WrongAddress

NOT_CONFIDENTIAL = gettext_noop("The base URL has to be https, so that nobody on the way can read the secret.")
ELSEWHERE = gettext_noop("The address leads on to another one, which the portal does not follow. Check the base URL.")


def require_confidential(url: str) -> str:
    """The URL, if nobody on the way can read what is sent there: https, or plain http on this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise WrongAddress from None
    if parts.username or parts.password or not host or parts.scheme not in {"http", "https"}:
        raise WrongAddress
    if parts.scheme == "http" and not _is_loopback(host):
        raise WrongAddress(NOT_CONFIDENTIAL)
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def next_url(url: str, location: str) -> str:
    """Where a download leads on to. From a public system never into this machine."""
    target = require_confidential(urljoin(url, location))
    if _is_loopback(urlsplit(target).hostname or "") and not _is_loopback(urlsplit(url).hostname or ""):
        raise WrongAddress(ELSEWHERE)
    return target
