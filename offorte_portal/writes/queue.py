"""The account's queue of writes as a whole: who empties it, and its pause while Offorte is away."""

from datetime import timedelta

from django.db.models import F, Q, QuerySet

from offorte_portal import ports
from offorte_portal.connections import drains
from offorte_portal.connections.models import Drain
from offorte_portal.runs.schedules import Steps
from offorte_portal.writes.claims import pause_after

# What `drain_writes` does with an account's key: writes sends, and rooms above see to what has ended by that. Each adds
# its own in its `tasks.py`.
DRAINING = Steps()


def drain_writes(connection_id: int) -> None:
    """The task: send what waits to be written in an account for a slice; the rest goes to the end of the queue."""
    DRAINING.run(connection_id)


def enqueue(connection_id: int) -> bool:
    """Let the worker send what waits in an account; answer whether a task was queued (one may wait already)."""
    return drains.enqueue(Drain.Queue.WRITES, connection_id, drain_writes)


def is_paused(connection_id: int) -> bool:
    """Whether Offorte was away a moment ago, so that nothing is tried yet."""
    return of_writes(connection_id).filter(retry_at__gt=ports.now()).exists()


def was_away(connection_id: int) -> bool:
    """Whether Offorte was away when something was tried last."""
    return of_writes(connection_id).filter(failures__gt=0).exists()


def pause(connection_id: int, *, seconds: float | None = None) -> None:
    """Try nothing for a while: for so many seconds, else for longer with each time in a row."""
    if seconds is not None:
        of_writes(connection_id).update(retry_at=ports.now() + timedelta(seconds=seconds))
        return
    of_writes(connection_id).update(failures=F("failures") + 1)
    failures = of_writes(connection_id).values_list("failures", flat=True).first() or 1
    of_writes(connection_id).update(retry_at=ports.now() + pause_after(failures))


def resume_at_once(connection_id: int) -> bool:
    """Offorte answers: go on with what waited for that. Answers whether anything was paused."""
    paused = of_writes(connection_id).filter(Q(retry_at__isnull=False) | Q(failures__gt=0))
    if not paused.update(retry_at=None, failures=0):
        return False
    enqueue(connection_id)
    return True


def of_writes(connection_id: int) -> "QuerySet[Drain]":
    """The row that says who empties the account's queue of writes."""
    return Drain.objects.filter(connection_id=connection_id, queue=Drain.Queue.WRITES)
