"""Connections that can be cut off from another thread, so that an exchange ends in time however slowly it comes in.

The timeouts of requests count from one piece of an answer to the next: a server that sends a byte of its headers or
of its body now and then is never too slow for them. Here a timer shuts the sockets down. Only the look-up of a name
can't be cut off; the resolver has limits of its own.

urllib3 makes each connection of a pool with a class that can be replaced: ours tells of its socket.
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
    """The sockets of one session. `is_over` says that the time of the last exchange was over before it ended."""

    def __init__(self) -> None:
        self.is_over = False
        self._until = math.inf
        # Duplicates of the sockets, as descriptors: TLS takes a socket itself over, and a connection lets go of its
        # own while an answer is still read from it.
        self._lines: dict[HTTPConnection, int] = {}
        # The number of a descriptor that is closed may be another one's at once.
        self._lock = threading.Lock()

    def __del__(self) -> None:
        self.close()

    def open(self, connection: HTTPConnection, connect: Connect, *, is_plain: bool) -> socket.socket:
        """Connect with `connect`. `is_plain`: it is for http without TLS."""
        self.shorten(connection)
        return self.hold(connection, connect())

    def shorten(self, connection: HTTPConnection) -> None:
        """Let connecting take no longer than what is left."""
        if isinstance(connection.timeout, int | float):
            connection.timeout = min(connection.timeout, max(self._until - ports.monotonic(), 0.001))

    def hold(self, connection: HTTPConnection, connected: socket.socket) -> socket.socket:
        """Have a socket cut off in time; at once where that is over already."""
        if connection in self._lines:  # it was connected before
            self._let_go([connection])
        with self._lock:
            self._lines[connection] = os.dup(connected.fileno())
        if self.is_over:
            self._cut_off()
        return connected

    @contextlib.contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:
        """Cut off after so many seconds what is under way."""
        self.is_over, self._until = seconds <= 0, ports.monotonic() + seconds
        # By the machine's clock, as the sockets are the machine's.
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
        """Let go of all connections."""
        self._let_go(list(self._lines))

    def _cut_off(self) -> None:
        self.is_over = True
        with self._lock:
            for descriptor in self._lines.values():
                _shut_down(descriptor)

    def _let_go(self, connections: Iterable[HTTPConnection]) -> None:
        for connection in connections:
            with self._lock:
                os.close(self._lines.pop(connection))


def _shut_down(descriptor: int) -> None:
    with contextlib.suppress(OSError):  # it has ended meanwhile
        line = socket.socket(fileno=descriptor)
        try:
            line.shutdown(socket.SHUT_RDWR)
        finally:
            line.detach()


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
    """What a session makes its connections with."""

    def __init__(self, lines: Lines) -> None:
        plain = {"ConnectionCls": partial(_PlainConnection, lines=lines)}
        secure = {"ConnectionCls": partial(_SecureConnection, lines=lines)}
        self._pools = {
            "http": type("PlainPool", (HTTPConnectionPool,), plain),
            "https": type("SecurePool", (HTTPSConnectionPool,), secure),
        }
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Let the pools make connections that can be cut off."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        """Let a proxy's pools do so, too."""
        manager = super().proxy_manager_for(*args, **options)
        manager.pool_classes_by_scheme = self._pools
        return manager


def bound(session: requests.Session, lines: Lines | None = None) -> Lines:
    """Have all connections of a session made so that they can be cut off; return what does that."""
    lines = lines or Lines()
    for scheme in ("http://", "https://"):
        session.mount(scheme, ports.transport(TimedAdapter(lines)))
    return lines
