"""Connections that go to the address that was checked.

A guard resolves, checks and connects in one step, so that no second look-up can give another address; host name, SNI
and certificate stay those of the URL.
"""

import socket
from collections.abc import Sequence

from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from offorte_portal.http.addresses import Address, Network, is_public, resolve
from offorte_portal.http.deadline import Connect, Lines

# At most this many addresses of a host are tried.
MOST_ADDRESSES = 4


class Guard(Lines):
    """Restricts where the connections of one client go, and cuts them off at the deadline."""

    def __init__(self, networks: Sequence[Network]) -> None:
        super().__init__()
        self.networks = networks
        # The address at which each host was last connected.
        self.peers: dict[str, Address] = {}

    def open(self, connection: HTTPConnection, connect: Connect, *, is_plain: bool) -> socket.socket:
        """Connect to the host at a checked address. Raises HttpError, or urllib3's errors where no address answers."""
        host, port = connection.host, connection.port or connection.default_port
        failure: OSError | None = None
        for address in resolve(host, port, self.networks, is_plain=is_plain)[:MOST_ADDRESSES]:
            self.shorten(connection)
            timeout = connection.timeout if isinstance(connection.timeout, int | float) else None
            try:
                connected = socket.create_connection((str(address), port), timeout)
            except OSError as error:
                failure = error
                continue
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.peers[host] = address
            return self.hold(connection, connected)
        if isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(connection, "No address answered in time.")
        raise NewConnectionError(connection, "No address could be connected to.")

    def is_private(self, host: str) -> bool:
        """Return whether the host was last connected at an address that is not public."""
        peer = self.peers.get(host)
        return peer is not None and not is_public(peer)
