"""A client of an account, and the gate that its requests pass: it can take a turn before it is known whose it is."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from offorte_portal.api.client import Client
from offorte_portal.connections import budget
from offorte_portal.connections.allowance import LATENESS
from offorte_portal.connections.budget import Lane
from offorte_portal.models import Connection
from offorte_portal.services import connection as connections

# What a turn is worth at Offorte: a later request would arrive too long after it was counted.
TURN_SECONDS = LATENESS


class Passage:
    """The gate of one lane. See `Gate` for `acquire` and `pause`."""

    def __init__(self, connection: Connection, lane: Lane) -> None:
        self._connection = connection
        self._lane = lane
        self._turn_until = 0.0
        self._leave: Callable[[], None] | None = None

    def take_turn(self, patience: float | None = None) -> None:
        """Wait for a request's turn and keep it for a moment. Raises RateLimited where none comes within `patience`."""
        if time.monotonic() >= self._turn_until:
            budget.gate(self._connection, self._lane, patience=patience).acquire()
            self._turn_until = time.monotonic() + TURN_SECONDS

    def acquire(self) -> None:
        """Let a request through, on the turn that was taken if there is one."""
        while True:
            self.take_turn()
            if self._leave:
                self._leave()
            # The database may have made us wait for so long that the turn is over.
            if time.monotonic() < self._turn_until:
                break
        self._turn_until = 0.0

    def pause(self, seconds: float | None) -> None:
        """Note that Offorte asked for a pause."""
        budget.gate(self._connection, self._lane).pause(seconds)

    @contextmanager
    def leaving(self, leave: Callable[[], None]) -> Iterator[None]:
        """Call `leave` right before each request that is let through within."""
        self._leave = leave
        try:
            yield
        finally:
            self._leave = None


@dataclass(frozen=True)
class Line:
    """What an account's operations are sent over."""

    connection: Connection
    client: Client
    passage: Passage


@contextmanager
def open_line(connection: Connection, lane: Lane) -> Iterator[Line]:
    """A line to an account. Raises NotConnected where it can't be asked anything."""
    passage = Passage(connection, lane)
    client = connections.client(connection, lane, through=passage)
    try:
        yield Line(connection, client, passage)
    finally:
        client.transport.close()
