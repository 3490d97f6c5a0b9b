"""Turning what was selected into operations: in the worker, a batch at a time, by one process at a time.

`planned` moves in the transaction that stores a batch, so that a process killed at any moment leaves no row without
its operations and none with two of them.
"""

import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from offorte_portal import writes
from offorte_portal.jobs import reasons, refreshing
from offorte_portal.jobs.action import Action, Choice
from offorte_portal.jobs.ending import finish_ended
from offorte_portal.jobs.registry import find
from offorte_portal.jobs.selection import decide
from offorte_portal.jobs.starting import enqueue
from offorte_portal.jobs.storing import Batch
from offorte_portal.jobs.undoing import add_undoings
from offorte_portal.models import Job

AT_ONCE = 500
# Longer than a request that waits for its turn and then for its answer: a job that reads takes the lease, too.
LEASE = timedelta(seconds=120)
# A slice ends after this long, so that other tasks get their turn.
SLICE_SECONDS = 20
# So often a process may be killed, or fail, at one place before a person has to look.
MOST_ATTEMPTS = 5


def plan(job_id: int, *, seconds: float = SLICE_SECONDS) -> None:
    """Plan a job for a while; the rest of it goes to the end of the queue."""
    lease = claim(job_id)
    if lease is None:
        return
    mine = Job.objects.filter(pk=job_id, lease=lease)
    free: dict[str, Any] = {"lease": "", "lease_until": None}
    try:
        job = Job.objects.select_related("requested_by", "undoes").get(pk=job_id)
        if job.attempts > MOST_ATTEMPTS:
            mine.update(**free, attempts=0, state=Job.State.PAUSED, reason=reasons.STOPPED)
            return
        is_left = work(job, mine, time.monotonic() + seconds)
    except Exception:
        mine.update(**free)
        raise
    mine.update(**free, attempts=0)
    if is_left:
        enqueue(job_id)


def claim(job_id: int) -> str | None:
    """Take the job's lease, which counts; None where it is not to be planned, or another process is at it."""
    now, lease = timezone.now(), str(uuid.uuid4())
    idle = Q(lease="") | Q(lease_until__lt=now)
    claimed = Job.objects.filter(idle, unplanned(), pk=job_id).update(
        lease=lease, lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    return lease if claimed else None


def unplanned() -> Q:
    """Jobs with rows that nothing was decided of yet. One that reads runs while it goes through its rows."""
    return Q(state=Job.State.PLANNING) | Q(state=Job.State.RUNNING, planned__lt=F("size"))


def work(job: Job, mine: QuerySet[Job], until: float) -> bool:
    """Decide of batch after batch; answer whether there is more to do."""
    action = find(job.action)
    by = job.requested_by
    if by is None or not by.is_active or not by.has_perm(action.permission):
        halt(mine)
        return False
    if action.is_read:
        return refreshing.work(job, mine, action, Choice(job.options, by), until)
    while job.planned < job.size:
        if time.monotonic() > until:
            return True
        if not plan_batch(job, mine, action, by):
            return False
    if mine.filter(state=Job.State.PLANNING).update(state=Job.State.RUNNING):
        finish_ended([job.pk])
    return False


def plan_batch(job: Job, mine: QuerySet[Job], action: Action[Any], by: User) -> bool:
    """Store the operations of the next rows; answer False where the job was paused, cancelled or taken over."""
    # What one step did is undone in one chain.
    is_whole = job.undoes is not None and action.is_chained
    end = job.size if is_whole else min(job.planned + AT_ONCE, job.size)
    keys = job.selection[job.planned : end]
    with hold(action, keys):
        batch = Batch(job)
        if job.undoes is not None:
            add_undoings(batch, job.undoes, keys)
        else:
            batch.add(action, decide(action, keys, Choice(job.options, by)))
        if not store(job, mine, batch, end):
            return False
    job.planned = end
    return True


@contextmanager
def hold(action: Action[Any], keys: Sequence[int]) -> Iterator[None]:
    """Lock the rows for an action that nobody else may decide of meanwhile; nothing for the others."""
    if not action.is_exclusive:
        yield
        return
    with transaction.atomic():
        list(action.model._default_manager.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
        yield


def store(job: Job, mine: QuerySet[Job], batch: Batch, end: int) -> bool:
    """Store the operations of a batch; answer False where the job is not to be planned from here any more."""
    with transaction.atomic():
        current = mine.filter(state=Job.State.PLANNING, planned=job.planned)
        reason = {"reason": reasons.MISSING} if batch.is_missing_any else {}
        if not current.update(planned=end, attempts=1, lease_until=timezone.now() + LEASE, **reason):
            return False
        batch.save()
        for connection_id in batch.connection_ids:
            writes.enqueue(connection_id)
    return True


def halt(mine: QuerySet[Job]) -> None:
    """End a job whose starter may no longer do what it does."""
    mine.filter(state__in=Job.ACTIVE).update(
        state=Job.State.CANCELLED, reason=reasons.NOT_ALLOWED, finished_at=timezone.now()
    )
