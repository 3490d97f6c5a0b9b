"""An account's queue of operations: the task that empties it, and its pause while Offorte is away."""

from datetime import timedelta

from django.db.models import F, Q, QuerySet

from offorte_portal import ports
from offorte_portal.connections import drains
from offorte_portal.connections.models import Drain
from offorte_portal.runs.schedules import Steps
from offorte_portal.writes.claims import pause_after

# The steps of `drain_writes`, called with an account's key: this room sends, and rooms above handle what has ended by
# that. Each adds its own step in its `tasks.py`.
DRAINING = Steps()


def drain_writes(connection_id: int) -> None:
    """Send an account's waiting operations for a slice of time. This is the task; the rest is queued again."""
    DRAINING.run(connection_id)


def enqueue(connection_id: int) -> bool:
    """Let the worker send an account's operations; return whether a task was queued (one may be waiting already)."""
    return drains.enqueue(Drain.Queue.WRITES, connection_id, drain_writes)


def is_paused(connection_id: int) -> bool:
    """Return whether the account's queue is paused, because Offorte was away or its budget is used up."""
    return of_writes(connection_id).filter(retry_at__gt=ports.now()).exists()


def was_away(connection_id: int) -> bool:
    """Return whether Offorte was away at the last try."""
    return of_writes(connection_id).filter(failures__gt=0).exists()


def pause(connection_id: int, *, seconds: float | None = None) -> None:
    """Pause the queue for `seconds`; without them, for longer with each pause in a row."""
    if seconds is not None:
        of_writes(connection_id).update(retry_at=ports.now() + timedelta(seconds=seconds))
        return
    of_writes(connection_id).update(failures=F("failures") + 1)
    failures = of_writes(connection_id).values_list("failures", flat=True).first() or 1
    of_writes(connection_id).update(retry_at=ports.now() + pause_after(failures))


def resume_at_once(connection_id: int) -> bool:
    """End the pause and queue a task, because Offorte answers; return whether the queue was paused."""
    paused = of_writes(connection_id).filter(Q(retry_at__isnull=False) | Q(failures__gt=0))
    if not paused.update(retry_at=None, failures=0):
        return False
    enqueue(connection_id)
    return True


def of_writes(connection_id: int) -> "QuerySet[Drain]":
    """Return the row of the account's queue of operations."""
    return Drain.objects.filter(connection_id=connection_id, queue=Drain.Queue.WRITES)
