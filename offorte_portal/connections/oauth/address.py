"""Where secrets may be sent to."""

import os
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from offorte_portal.api.errors import NotConnected
from offorte_portal.connections.reasons import ConnectionReason

# oauthlib's switch: set to anything, even to 0, it lets plain http through, for the whole process.
_INSECURE_TRANSPORT = "OAUTHLIB_INSECURE_TRANSPORT"


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_confidential(url: str) -> bool:
    """Whether nobody on the way can read what is sent: https, or plain http that stays on this machine."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url)))


def require_confidential(url: str) -> str:
    """Return the URL if a secret may be sent there, else raise NotConnected."""
    if not is_confidential(url):
        raise NotConnected(ConnectionReason.NOT_HTTPS)
    return url


def switch_https_check() -> None:
    """Let oauthlib speak plain http exactly when all of Offorte is a simulator on this machine.

    The switch holds for every address, so that `OfforteSession` still refuses each request that would leave the
    machine without https. Whatever the environment says is overruled: a left-over switch can't weaken an installation.
    """
    urls = (settings.OFFORTE_API_URL, settings.OFFORTE_OAUTH_URL)
    if all(url.startswith("http://") and is_loopback(url) for url in urls):
        os.environ[_INSECURE_TRANSPORT] = "1"
    else:
        os.environ.pop(_INSECURE_TRANSPORT, None)
