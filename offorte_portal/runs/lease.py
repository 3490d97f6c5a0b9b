"""A lease for work that only one process may do at a time, stored in the row that is worked on.

A row with the columns `lease` and `lease_until` is held by the process whose token it carries:

1. `acquire` takes a free row with one conditional UPDATE. The token is the fence: no other process has it.
2. `kept` renews the lease from a separate thread during the work, however long one request takes.
3. `still_mine` is the row while it carries the fence: a result is written in the same UPDATE that checks it.
4. `release` gives the row back. If a process dies, its lease runs out by itself.

Work that takes place in the database alone goes in steps instead: `save` writes each, and renews the lease.

`renew` works only with the fence in the row, and before the lease has run out. The holder measures the time that has
passed on the monotonic clock, which goes on while a process is stopped, and which nobody sets. Others can only compare
`lease_until` with the time of day: so just after that clock was set, no lease counts as run out until every holder has
had the time to renew. A lease that ends far in the future was taken before the clock was set back.
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

# How long work stands still after its process died. A lease is renewed every `length / RENEWALS`.
LENGTH = timedelta(seconds=15)
RENEWALS = 5
# A lease that ends later than this from now was taken before the clock was set back.
FAR = timedelta(seconds=90)
# Seconds by which the time of day may move against the monotonic clock before it counts as set.
STEP = 3.0


class LeaseLostError(Exception):
    """Another process has taken over the work, or a person has cancelled it."""


@dataclass
class Lease:
    """A row that this process holds; `rows` finds it, and only while it may be written."""

    rows: QuerySet[Any]
    token: str
    length: timedelta
    renewed_at: float = field(default_factory=ports.monotonic)

    @property
    def has_run_out(self) -> bool:
        """Whether the holder has not renewed for the length of the lease, say because it was stopped."""
        return ports.monotonic() - self.renewed_at >= self.length.total_seconds()

    def still_mine(self) -> QuerySet[Any]:
        """Return the row if it still carries the fence, for an UPDATE."""
        return self.rows.filter(lease=self.token)

    def renew(self, **columns: Any) -> bool:
        """Hold the row for another length, and write `columns` along; return False if the lease is gone."""
        asked_at = ports.monotonic()
        if self.has_run_out:
            return False
        if not self.still_mine().update(lease_until=ports.now() + self.length, **columns):
            return False
        self.renewed_at = asked_at
        return True

    def save(self, *, where: Q | None = None, **columns: Any) -> None:
        """Write the result of a step, and hold the row for another length.

        `where` adds conditions to the same UPDATE. However long the step took, its result counts as long as no other
        process has taken the row: so use it only for work that leaves nothing but what is written here.
        Raises LeaseLostError if nothing was written.
        """
        asked_at = ports.monotonic()
        mine = self.still_mine() if where is None else self.still_mine().filter(where)
        if not mine.update(lease_until=ports.now() + self.length, **columns):
            raise LeaseLostError
        self.renewed_at = asked_at

    def release(self, **columns: Any) -> bool:
        """Give the row back; return False if another process has taken it over."""
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
        # By the machine's clock: the end of the block has to wake this thread, which `ports` can't do.
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
    """Take the row that `rows` finds, and write `columns` along; return None if another process holds it.

    `among` are the rows that may be taken, checked in the same UPDATE.
    """
    token, asked_at = str(ports.new_uuid()), ports.monotonic()
    free = (rows if among is None else among).filter(is_free(length))
    if not free.update(lease=token, lease_until=ports.now() + length, **columns):
        return None
    return Lease(rows, token, length, asked_at)


def is_free(length: timedelta) -> Q:
    """Return the condition that nobody holds a row, or that its lease has run out."""
    return Q(lease="") | has_run_out(length)


def has_run_out(length: timedelta, until: str = "lease_until") -> Q:
    """Return the condition that a lease of this length has run out; true of no row while the clock was just set.

    `until` names the column of its end, in rows whose fence is in another column than `lease`.
    """
    if _clock.was_set_within(length.total_seconds()):
        return Q(pk__in=[])
    now = ports.now()
    return Q((f"{until}__lt", now)) | Q((f"{until}__gt", now + max(FAR, 2 * length)))


class _Clock:
    """Notices when the time of day is set."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Forget that the time of day was set."""
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
