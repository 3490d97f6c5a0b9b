"""A client of an account, and the gate that its requests pass: it can take a turn before it is known whose it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from offorte_portal import ports
from offorte_portal.api.client import Client
from offorte_portal.connections import budget
from offorte_portal.connections import connecting as connections
from offorte_portal.connections.allowance import LATENESS
from offorte_portal.connections.budget import Lane
from offorte_portal.connections.models import Connection

# What a turn is worth at Offorte: a later request would arrive too long after it was counted.
TURN_SECONDS = LATENESS


class Permit:
    """The gate of one lane. See `Gate` for `acquire` and `pause`."""

    def __init__(self, connection: Connection, lane: Lane) -> None:
        self._connection = connection
        self._lane = lane
        self._turn_until = 0.0
        self._leave: Callable[[], None] | None = None

    def take_turn(self, patience: float | None = None) -> None:
        """Wait for a request's turn and keep it for a moment. Raises RateLimited where none comes within `patience`."""
        if ports.monotonic() >= self._turn_until:
            budget.gate(self._connection, self._lane, patience=patience).acquire()
            self._turn_until = ports.monotonic() + TURN_SECONDS

    def acquire(self) -> None:
        """Let a request through, on the turn that was taken if there is one."""
        while True:
            self.take_turn()
            if self._leave:
                self._leave()
            # The database may have made us wait for so long that the turn is over.
            if ports.monotonic() < self._turn_until:
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
class Session:
    """What an account's operations are sent over."""

    connection: Connection
    client: Client
    permit: Permit


@contextmanager
def open_session(connection: Connection, lane: Lane) -> Iterator[Session]:
    """A session to an account. Raises NotConnected where it can't be asked anything."""
    permit = Permit(connection, lane)
    client = connections.client(connection, lane, through=permit)
    try:
        yield Session(connection, client, permit)
    finally:
        client.transport.close()
