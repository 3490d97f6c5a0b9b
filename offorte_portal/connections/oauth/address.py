"""Checks of the addresses that secrets may be sent to."""

import os
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from offorte_portal.api.errors import NotConnected
from offorte_portal.connections.reasons import ConnectionReason

# oauthlib's switch: any value, even 0, allows plain http for the whole process.
_INSECURE_TRANSPORT = "OAUTHLIB_INSECURE_TRANSPORT"


def is_loopback(url: str) -> bool:
    """Return whether a URL points to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_confidential(url: str) -> bool:
    """Return whether nobody on the way can read what is sent: https, or plain http within this machine."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url)))


def require_confidential(url: str) -> str:
    """Return the URL. Raises NotConnected unless a secret may be sent there."""
    if not is_confidential(url):
        raise NotConnected(ConnectionReason.NOT_HTTPS)
    return url


def switch_https_check() -> None:
    """Allow oauthlib plain http if, and only if, all of Offorte is a simulator on this machine.

    The switch applies to every address, so `OfforteSession` still refuses each request that would leave the machine
    without https. It overrules the environment: a left-over variable can't weaken an installation.
    """
    urls = (settings.OFFORTE_API_URL, settings.OFFORTE_OAUTH_URL)
    if all(url.startswith("http://") and is_loopback(url) for url in urls):
        os.environ[_INSECURE_TRANSPORT] = "1"
    else:
        os.environ.pop(_INSECURE_TRANSPORT, None)
