"""Connections that can be cut off from another thread, so that an exchange ends in time however slow it is.

The timeouts of requests start again with each chunk of a response: a server that sends a byte of its headers or its
body now and then never exceeds them. Here a timer shuts the sockets down. Only the look-up of a host name can't be cut
off; the resolver has limits of its own.

The class with which urllib3 makes the connections of a pool can be replaced: ours registers its sockets.
"""

import contextlib
import math
import os
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from offorte_portal import ports

Connect = Callable[[], socket.socket]


class Lines:
    """The sockets of one session. `is_over` says that the last exchange ran out of time."""

    def __init__(self) -> None:
        self.is_over = False
        self._until = math.inf
        # Duplicated file descriptors of the sockets: TLS takes over the socket itself, and a connection drops its own
        # while a response is still being read from it.
        self._lines: dict[HTTPConnection, int] = {}
        # The number of a closed descriptor may be reused at once.
        self._lock = threading.Lock()

    def __del__(self) -> None:
        self.close()

    def open(self, connection: HTTPConnection, connect: Connect, *, is_plain: bool) -> socket.socket:
        """Connect with `connect`; `is_plain` means http without TLS."""
        self.shorten(connection)
        return self.hold(connection, connect())

    def shorten(self, connection: HTTPConnection) -> None:
        """Limit the connection's timeout to the time that is left."""
        if isinstance(connection.timeout, int | float):
            connection.timeout = min(connection.timeout, max(self._until - ports.monotonic(), 0.001))

    def hold(self, connection: HTTPConnection, connected: socket.socket) -> socket.socket:
        """Register a socket to be cut off at the deadline, at once where that has passed; return it."""
        if connection in self._lines:  # it was connected before
            self._let_go([connection])
        with self._lock:
            self._lines[connection] = os.dup(connected.fileno())
        if self.is_over:
            self._cut_off()
        return connected

    @contextlib.contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:
        """Cut off the connections if the block lasts longer than `seconds`."""
        self.is_over, self._until = seconds <= 0, ports.monotonic() + seconds
        # By the machine's clock, even in a simulated world: the sockets are real.
        timer = threading.Timer(seconds, self._cut_off)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self._until = math.inf
            self._let_go(connection for connection in list(self._lines) if connection.sock is None)

    def close(self) -> None:
        """Release the descriptors of all connections."""
        self._let_go(list(self._lines))

    def _cut_off(self) -> None:
        self.is_over = True
        with self._lock:
            for descriptor in self._lines.values():
                with contextlib.suppress(OSError):  # the connection has ended in the meantime
                    line = socket.socket(fileno=descriptor)
                    try:
                        line.shutdown(socket.SHUT_RDWR)
                    finally:
                        line.detach()

    def _let_go(self, connections: Iterable[HTTPConnection]) -> None:
        for connection in connections:
            with self._lock:
                os.close(self._lines.pop(connection))


class _PlainConnection(HTTPConnection):
    def __init__(self, *args: Any, lines: Lines, **options: Any) -> None:
        super().__init__(*args, **options)
        self._lines = lines

    def _new_conn(self) -> socket.socket:
        return self._lines.open(self, super()._new_conn, is_plain=True)


class _SecureConnection(HTTPSConnection):
    def __init__(self, *args: Any, lines: Lines, **options: Any) -> None:
        super().__init__(*args, **options)
        self._lines = lines

    def _new_conn(self) -> socket.socket:
        return self._lines.open(self, super()._new_conn, is_plain=False)


class TimedAdapter(HTTPAdapter):
    """An adapter whose connections can be cut off."""

    def __init__(self, lines: Lines) -> None:
        plain = {"ConnectionCls": partial(_PlainConnection, lines=lines)}
        secure = {"ConnectionCls": partial(_SecureConnection, lines=lines)}
        self._pools = {
            "http": type("PlainPool", (HTTPConnectionPool,), plain),
            "https": type("SecurePool", (HTTPSConnectionPool,), secure),
        }
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Have the pools make connections that can be cut off."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        """Have the pools of a proxy make such connections too."""
        manager = super().proxy_manager_for(*args, **options)
        manager.pool_classes_by_scheme = self._pools
        return manager


def bound(session: requests.Session, lines: Lines | None = None) -> Lines:
    """Mount adapters on a session so that its connections can be cut off; return what does that."""
    lines = lines or Lines()
    for scheme in ("http://", "https://"):
        session.mount(scheme, ports.transport(TimedAdapter(lines)))
    return lines
