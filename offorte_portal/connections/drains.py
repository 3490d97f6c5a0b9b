"""Drains the queues of an account: at most one process works on a queue, and at most one more task waits for it."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import Q, QuerySet

from offorte_portal import ports
from offorte_portal.connections.models import Drain
from offorte_portal.ports import queueing
from offorte_portal.runs import lease as leases

logger = logging.getLogger(__name__)

# A task that was queued longer ago counts as lost.
LOST_AFTER = timedelta(minutes=5)
# So does a task that waits this long while the queue is empty: a worker took it and died before it began.
VANISHED_AFTER = timedelta(seconds=20)


def enqueue(queue: Drain.Queue, connection_id: int, task: Callable[[int], object]) -> bool:
    """Queue `task` with the account's key, unless one waits already; return whether it was queued.

    Within a transaction the worker gets it after the commit. If the queue is down, the sweep takes care of it.
    """
    now = ports.now()
    Drain.objects.get_or_create(connection_id=connection_id, queue=queue)
    none_waits = Q(queued_at__isnull=True) | Q(queued_at__lt=now - LOST_AFTER) | Q(queued_at__gt=now)
    rows = Drain.objects.filter(connection_id=connection_id, queue=queue)
    if not rows.filter(none_waits).update(queued_at=now):
        return False
    queueing.queue(task, connection_id, name=f"{queue} of {connection_id}", lost=lambda: forget(rows))
    return True


def forget(rows: QuerySet[Drain]) -> None:
    """Record that no task waits; if even that fails, the task counts as lost after some minutes."""
    try:
        rows.update(queued_at=None)
    except DatabaseError:
        logger.warning("Whether a task waits is not known", exc_info=True)


def run(
    queue: Drain.Queue, connection_id: int, work: Callable[[Callable[[], bool]], None], *, lease: timedelta
) -> bool:
    """Do `work` unless another process is doing it; return whether it was done.

    Work queued from now on gets a task of its own. The lease is kept while the work goes on. `work` is given
    `renew`, to be called before every step: it returns False once the lease is lost.
    """
    Drain.objects.get_or_create(connection_id=connection_id, queue=queue)
    rows = Drain.objects.filter(connection_id=connection_id, queue=queue)
    rows.update(queued_at=None)
    held = leases.acquire(rows, length=lease)
    if held is None:
        return False
    try:
        with held.kept():
            work(held.renew)
    finally:
        held.release()
    return True


def release_expired(queue: Drain.Queue) -> list[int]:
    """Release the queues held by processes that died; return their accounts."""
    gone = Drain.objects.filter(leases.has_run_out(leases.LENGTH), queue=queue)
    held = list(gone.values_list("connection_id", "lease", "lease_until"))
    return [
        connection_id
        for connection_id, token, until in held
        if gone.filter(connection_id=connection_id, lease=token, lease_until=until).update(lease="", lease_until=None)
    ]


def forget_tasks(queued_before: datetime) -> int:
    """Record that tasks queued before this time are gone; return for how many queues."""
    return Drain.objects.filter(queued_at__lte=queued_before).update(queued_at=None)
