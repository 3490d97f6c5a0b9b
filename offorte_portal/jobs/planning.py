"""Turning what was selected into operations: in the worker, a chunk at a time, by one process at a time.

`planned` moves in the transaction that stores a chunk, so that a process killed at any moment leaves no row without
its operations and none with two of them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q

from offorte_portal import ports
from offorte_portal.jobs import refreshing
from offorte_portal.jobs.action import Action, Choice
from offorte_portal.jobs.ending import finish_ended
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.jobs.registry import find
from offorte_portal.jobs.reversing import add_undoings
from offorte_portal.jobs.selection import decide
from offorte_portal.jobs.storing import Chunk
from offorte_portal.ports import queueing
from offorte_portal.runs import lease
from offorte_portal.runs.lease import Lease, LeaseLostError
from offorte_portal.writes import queue
from offorte_portal.writes.models import Batch

AT_ONCE = 500
# Longer than a request that waits for its turn and then for its answer: a job that reads takes the lease, too.
LEASE = timedelta(seconds=120)
# A slice ends after this long, so that other tasks get their turn.
SLICE_SECONDS = 20
# So often a process may be killed, or fail, at one place before a person has to look.
MOST_ATTEMPTS = 5


def plan(job_id: int, *, seconds: float = SLICE_SECONDS) -> None:
    """Plan a job for a while; the rest of it goes to the end of the queue."""
    held = claim(job_id)
    if held is None:
        return
    try:
        job = Job.objects.select_related("requested_by", "undoes").get(pk=job_id)
        if job.attempts > MOST_ATTEMPTS:
            held.release(attempts=0, state=Job.State.PAUSED, reason=JobReason.STOPPED())
            return
        is_left = work(job, held, ports.monotonic() + seconds)
    except LeaseLostError:
        is_left = False
    except Exception:
        held.release()
        raise
    held.release(attempts=0)
    if is_left:
        enqueue(job_id)


def enqueue(job_id: int) -> None:
    """Let the worker plan the job, once what was written so far can be seen by it."""
    queueing.queue(plan, job_id, name=f"Job {job_id}")


def claim(job_id: int) -> Lease | None:
    """Take a job to plan it, which counts; None where it is not to be planned, or another process is at it."""
    rows = Batch.objects.filter(pk=job_id)
    return lease.acquire(rows, among=rows.filter(unplanned()), length=LEASE, attempts=F("attempts") + 1)


def unplanned() -> Q:
    """Jobs with rows that nothing was decided of yet. One that reads runs while it goes through its rows."""
    return Q(state=Job.State.PLANNING) | Q(state=Job.State.RUNNING, planned__lt=F("size"))


def work(job: Job, held: Lease, until: float) -> bool:
    """Decide of chunk after chunk; answer whether there is more to do.

    Raises LeaseLostError where the job was paused, cancelled or taken over.
    """
    action = find(job.action)
    by = job.requested_by
    if by is None or not by.is_active or not by.has_perm(action.permission):
        halt(held)
        return False
    if action.is_read:
        return refreshing.work(job, held, action, Choice(job.options, by), until)
    while job.planned < job.size:
        if ports.monotonic() > until:
            return True
        plan_chunk(job, held, action, by)
    if held.still_mine().filter(state=Job.State.PLANNING).update(state=Job.State.RUNNING):
        finish_ended([job.pk])
    return False


def plan_chunk(job: Job, held: Lease, action: Action[Any], by: User) -> None:
    """Store the operations of the next rows. Raises LeaseLostError."""
    # What one step did is undone in one chain.
    is_whole = job.undoes is not None and action.is_chained
    end = job.size if is_whole else min(job.planned + AT_ONCE, job.size)
    keys = job.selection[job.planned : end]
    with hold(action, keys):
        chunk = Chunk(job)
        if job.undoes is not None:
            add_undoings(chunk, job.undoes, keys)
        else:
            chunk.add(action, decide(action, keys, Choice(job.options, by)))
        store(job, held, chunk, end)
    job.planned = end


@contextmanager
def hold(action: Action[Any], keys: Sequence[int]) -> Iterator[None]:
    """Lock the rows for an action that nobody else may decide of meanwhile; nothing for the others."""
    if not action.is_exclusive:
        yield
        return
    with transaction.atomic():
        list(action.model._default_manager.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
        yield


def store(job: Job, held: Lease, chunk: Chunk, end: int) -> None:
    """Store the operations of a chunk. Raises LeaseLostError where the job is not to be planned from here any more."""
    is_current = Q(state=Job.State.PLANNING, planned=job.planned)
    reason = {"reason": JobReason.MISSING()} if chunk.is_missing_any else {}
    with transaction.atomic():
        held.save(where=is_current, planned=end, attempts=1, **reason)
        chunk.save()
        for connection_id in chunk.connection_ids:
            queue.enqueue(connection_id)


def halt(held: Lease) -> None:
    """End a job whose starter may no longer do what it does."""
    active = held.still_mine().filter(state__in=Job.ACTIVE)
    active.update(state=Job.State.CANCELLED, reason=JobReason.NOT_ALLOWED(), finished_at=ports.now())
