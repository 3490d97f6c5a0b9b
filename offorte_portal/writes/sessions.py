"""The client of an account, and the gate for its requests, which can take a turn before the operation is chosen."""

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

# Seconds that a turn stays valid: a later request would reach Offorte too long after the budget counted it.
TURN_SECONDS = LATENESS


class Permit:
    """The gate of one lane. See `Gate` for `acquire` and `pause`."""

    def __init__(self, connection: Connection, lane: Lane) -> None:
        self._connection = connection
        self._lane = lane
        self._turn_until = 0.0
        self._leave: Callable[[], None] | None = None

    def take_turn(self, patience: float | None = None) -> None:
        """Wait for a request's turn and hold it for a moment. Raises RateLimited after `patience` seconds."""
        if ports.monotonic() >= self._turn_until:
            budget.gate(self._connection, self._lane, patience=patience).acquire()
            self._turn_until = ports.monotonic() + TURN_SECONDS

    def acquire(self) -> None:
        """Let a request through, on the turn that is held if there is one."""
        while True:
            self.take_turn()
            if self._leave:
                self._leave()
            # `_leave` writes to the database, which may have taken so long that the turn has expired.
            if ports.monotonic() < self._turn_until:
                break
        self._turn_until = 0.0

    def pause(self, seconds: float | None) -> None:
        """Record that Offorte asked for a pause."""
        budget.gate(self._connection, self._lane).pause(seconds)

    @contextmanager
    def leaving(self, leave: Callable[[], None]) -> Iterator[None]:
        """Call `leave` right before each request that is let through in the block."""
        self._leave = leave
        try:
            yield
        finally:
            self._leave = None


@dataclass(frozen=True)
class Session:
    """The connection, client and permit that an account's operations are sent with."""

    connection: Connection
    client: Client
    permit: Permit


@contextmanager
def open_session(connection: Connection, lane: Lane) -> Iterator[Session]:
    """Open a session to an account. Raises NotConnected if the account can't be asked anything."""
    permit = Permit(connection, lane)
    client = connections.client(connection, lane, through=permit)
    try:
        yield Session(connection, client, permit)
    finally:
        client.transport.close()
