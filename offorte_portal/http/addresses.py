"""Which addresses a request may go to. What counts is what a host resolves to, not how it is written.

`127.1`, `2130706433`, `localhost.`, `[::ffff:127.0.0.1]` and an attacker's host name can all lead to this machine. So
the resolver that the connection uses is asked, and every address that it returns must be allowed.
"""

import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit

from offorte_portal.http.errors import BadUrl, ForbiddenAddress, NotConfidential, Unreachable

Network: TypeAlias = IPv4Network | IPv6Network
Address: TypeAlias = IPv4Address | IPv6Address

# In IPv6 only global unicast is public, except for the blocks that IANA's special-purpose registry lists: protocol
# assignments with Teredo, documentation, 6to4, documentation.
_PUBLIC_6 = ip_network("2000::/3")
_SPECIAL_6 = tuple(map(ip_network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
# Blocks that older Pythons treat as global: protocol assignments, the anycast of 6to4 relays.
_SPECIAL_4 = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24")))


def parse_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Read networks such as `10.1.0.0/16` or `127.0.0.1`. Raises ValueError, with the text that can't be read."""
    return tuple(ip_network(text.strip(), strict=False) for text in texts if text.strip())


def check_url(url: str, networks: Sequence[Network] = ()) -> SplitResult:
    """Return the parts of a URL that may be requested, as far as the URL alone shows: no host name is looked up.

    Raises BadUrl, NotConfidential (plain http to another machine) or ForbiddenAddress (a host written as a number that
    is neither public nor in `networks`).
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadUrl from None
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None or port == 0:
        raise BadUrl
    addresses = numeric_addresses(host)
    if parts.scheme == "http" and not (_is_localhost(host) or any(address.is_loopback for address in addresses)):
        raise NotConfidential
    for address in addresses:
        require_allowed(address, networks)
    return parts


def resolve(host: str, port: int, networks: Sequence[Network], *, is_plain: bool) -> list[Address]:
    """Return the addresses of a host, in the resolver's order; `is_plain` means http without TLS.

    Raises Unreachable where it has none, ForbiddenAddress or NotConfidential where one of them is not allowed.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable from None
    addresses = list(dict.fromkeys(_read(str(sockaddr[0])) for *_, sockaddr in found))
    for address in addresses:
        require_allowed(address, networks)
        if is_plain and not address.is_loopback:
            raise NotConfidential
    return addresses


def require_allowed(address: Address, networks: Sequence[Network]) -> None:
    """Raise ForbiddenAddress unless the address is public or in one of the networks."""
    if not is_public(address) and not any(address in network for network in networks):
        raise ForbiddenAddress


def is_public(address: Address) -> bool:
    """Return whether an address belongs to the public internet."""
    if isinstance(address, IPv6Address):
        return address in _PUBLIC_6 and not any(address in network for network in _SPECIAL_6)
    is_special = address.is_multicast or any(address in network for network in _SPECIAL_4)
    return address.is_global and not is_special


def numeric_addresses(host: str) -> list[Address]:
    """Return the addresses of a host written as a number in any form, or of localhost; none for other names."""
    if _is_localhost(host):
        return [IPv4Address("127.0.0.1")]
    try:
        found = socket.getaddrinfo(host.partition("%")[0], None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return []
    return [_read(str(sockaddr[0])) for *_, sockaddr in found]


def _is_localhost(host: str) -> bool:
    name = host.lower().removesuffix(".")
    return name == "localhost" or name.endswith(".localhost")


def _read(text: str) -> Address:
    """Read an address without its zone; an IPv4 address mapped into IPv6 becomes that IPv4 address."""
    address = ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
