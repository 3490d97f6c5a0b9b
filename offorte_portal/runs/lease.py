"""One lease for whatever only one process may work on at a time, kept in the row that is worked on.

A row with the columns `lease` and `lease_until` is held by whoever wrote its token there:

1. `acquire` takes a free row with one conditional UPDATE. The token is the fence: nobody else has it.
2. `kept` renews the lease from a thread of its own while work goes on, however long one request takes.
3. `still_mine` is the row as long as it carries the fence: a result is written in the same UPDATE that checks it.
4. `release` gives the row back. A process that died releases nothing; its lease runs out by itself.

Work that is all in the database goes on in steps instead: each is kept by `save`, which renews the lease, too.

A lease is renewed only with the fence in the row and before it ran out. Its holder counts the time that has passed on
the monotonic clock, which goes on while a process is stopped and which nobody sets. Others can only compare
`lease_until` with the time of day, so while that clock has just been set nothing counts as run out until every
holder has had the time to renew. A lease that ends far in the future was taken before the clock was set back.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from django.db import DatabaseError, connections
from django.db.models import Q, QuerySet

from offorte_portal import ports

logger = logging.getLogger(__name__)

# How long the work of a process that died stands still. Its renewals may fail four times in a row.
LENGTH = timedelta(seconds=15)
RENEWALS = 5
# What ends later than that from now was not taken with the clock as it is.
FAR = timedelta(seconds=90)
# Seconds by which the time of day may differ from the time that passed before somebody has set it.
STEP = 3.0


class LeaseLostError(Exception):
    """Another process has taken over what this one works on, or a person has cancelled it."""


@dataclass
class Lease:
    """A row that this process holds; `rows` finds it, and only while it may be written."""

    rows: QuerySet[Any]
    token: str
    length: timedelta
    renewed_at: float = field(default_factory=ports.monotonic)

    @property
    def has_run_out(self) -> bool:
        """Whether the holder was stopped, or kept from renewing, for as long as the lease."""
        return ports.monotonic() - self.renewed_at >= self.length.total_seconds()

    def still_mine(self) -> QuerySet[Any]:
        """Return the row if it still carries the fence, to be written with an UPDATE."""
        return self.rows.filter(lease=self.token)

    def renew(self, **columns: Any) -> bool:
        """Hold the row for another length, and write `columns` with that; False where the lease is gone."""
        asked_at = ports.monotonic()
        if self.has_run_out:
            return False
        if not self.still_mine().update(lease_until=ports.now() + self.length, **columns):
            return False
        self.renewed_at = asked_at
        return True

    def save(self, *, where: Q | None = None, **columns: Any) -> None:
        """Write what a step came to, and hold the row for another length.

        `where` says what else the row has to be still, in the same UPDATE. However long the step took, its result
        counts as long as nobody has taken the row: so this is for work that leaves nothing but what is written here.
        Raises LeaseLostError where nothing was written.
        """
        asked_at = ports.monotonic()
        mine = self.still_mine() if where is None else self.still_mine().filter(where)
        if not mine.update(lease_until=ports.now() + self.length, **columns):
            raise LeaseLostError
        self.renewed_at = asked_at

    def release(self, **columns: Any) -> bool:
        """Give the row back; False where another process has taken it over."""
        return bool(self.still_mine().update(lease="", lease_until=None, **columns))

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Renew the lease every few seconds until the block ends."""
        is_over = Event()
        keeper = Thread(target=self._keep, args=(is_over,), name=f"keeper of {self.token}", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            is_over.set()
            keeper.join()

    def _keep(self, is_over: Event) -> None:
        pause = self.length.total_seconds() / RENEWALS
        # By the machine's clock, for the block that ends has to wake this thread, which no port of ours can do.
        while not is_over.wait(pause):
            try:
                if not self.renew():
                    return
            except DatabaseError:
                logger.warning("A lease could not be renewed; it is tried again", exc_info=True)
            finally:
                connections.close_all()


def acquire(
    rows: QuerySet[Any], *, among: QuerySet[Any] | None = None, length: timedelta, **columns: Any
) -> Lease | None:
    """Take the row that `rows` finds, and write `columns` with that; None where another process holds it.

    `among` says what else the row has to be to be taken, in the same UPDATE.
    """
    token, asked_at = str(ports.new_uuid()), ports.monotonic()
    free = (rows if among is None else among).filter(is_free(length))
    if not free.update(lease=token, lease_until=ports.now() + length, **columns):
        return None
    return Lease(rows, token, length, asked_at)


def is_free(length: timedelta) -> Q:
    """The condition that nobody holds a row, or that whoever did is gone."""
    return Q(lease="") | has_run_out(length)


def has_run_out(length: timedelta, until: str = "lease_until") -> Q:
    """The condition that a lease of that length was not renewed in time; true of none while the clock was just set.

    `until` names the column with its end, in a row whose fence is another column than `lease`.
    """
    if _clock.was_set_within(length.total_seconds()):
        return Q(pk__in=[])
    now = ports.now()
    return Q((f"{until}__lt", now)) | Q((f"{until}__gt", now + max(FAR, 2 * length)))


class _Clock:
    """Notices that somebody has set the time of day."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Take the time of day for what it is now."""
        self._ahead = self._read()
        self._set_at = float("-inf")

    def was_set_within(self, seconds: float) -> bool:
        ahead = self._read()
        if abs(ahead - self._ahead) > STEP:
            self._set_at = ports.monotonic()
        self._ahead = ahead
        return ports.monotonic() - self._set_at < seconds

    def _read(self) -> float:
        return ports.now().timestamp() - ports.monotonic()


_clock = _Clock()
