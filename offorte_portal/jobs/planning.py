"""Turning a selection into operations: in the worker, a chunk at a time, in one process at a time.

`planned` moves in the transaction that stores a chunk. So a process that is killed at any moment leaves no row
without its operations, and none with two of them.
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
from offorte_portal.jobs.selection import decide, hold_to
from offorte_portal.jobs.storing import Chunk
from offorte_portal.ports import queueing
from offorte_portal.runs import lease
from offorte_portal.runs.lease import Lease, LeaseLostError
from offorte_portal.writes import queue
from offorte_portal.writes.models import Batch

AT_ONCE = 500
# Longer than a request takes to wait for its turn and its answer, as a job that reads holds the lease meanwhile.
LEASE = timedelta(seconds=120)
# A slice ends after this long, so that other tasks get their turn.
SLICE_SECONDS = 20
# How often a process may be killed, or fail, at the same place before a person has to look.
MOST_ATTEMPTS = 5


def plan(job_id: int, *, seconds: float = SLICE_SECONDS) -> None:
    """Plan a job for up to `seconds`; what is left goes to the end of the queue."""
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
    """Queue the planning of a job for after the commit."""
    queueing.queue(plan, job_id, name=f"Job {job_id}")


def claim(job_id: int) -> Lease | None:
    """Take the lease of a job and count the attempt; None if it has nothing to plan or another process holds it."""
    rows = Batch.objects.filter(pk=job_id)
    return lease.acquire(rows, among=rows.filter(unplanned()), length=LEASE, attempts=F("attempts") + 1)


def unplanned() -> Q:
    """Return the condition for jobs with rows left to decide; a job that reads is RUNNING while it does so."""
    return Q(state=Job.State.PLANNING) | Q(state=Job.State.RUNNING, planned__lt=F("size"))


def work(job: Job, held: Lease, until: float) -> bool:
    """Plan chunk after chunk until the time is up; return whether there is more to do.

    Raises LeaseLostError if the job was paused, cancelled or taken over.
    """
    action = find(job.action)
    by = job.requested_by
    if by is None or not by.is_active or not by.has_perm(action.permission):
        active = held.still_mine().filter(state__in=Job.ACTIVE)
        active.update(state=Job.State.CANCELLED, reason=JobReason.NOT_ALLOWED(), finished_at=ports.now())
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
    """Store the operations of the next rows. Raises LeaseLostError if the job may no longer be planned from here."""
    # A chained action is undone in one chain, which has to be in one chunk.
    is_whole = job.undoes is not None and action.is_chained
    end = job.size if is_whole else min(job.planned + AT_ONCE, job.size)
    keys = job.selection[job.planned : end]
    with hold(action, keys):
        chunk = Chunk(job)
        if job.undoes is not None:
            add_undoings(chunk, job.undoes, keys)
        else:
            statuses = dict(zip(keys, job.statuses[job.planned : end], strict=False))
            chunk.add(action, hold_to(statuses, decide(action, keys, Choice(job.options, by))))
        is_current = Q(state=Job.State.PLANNING, planned=job.planned)
        reason = {"reason": JobReason.MISSING()} if chunk.is_missing_any else {}
        with transaction.atomic():
            held.save(where=is_current, planned=end, attempts=1, **reason)
            chunk.save()
            for connection_id in chunk.connection_ids:
                queue.enqueue(connection_id)
    job.planned = end


@contextmanager
def hold(action: Action[Any], keys: Sequence[int]) -> Iterator[None]:
    """Lock the rows during the block if the action is exclusive; do nothing otherwise."""
    if not action.is_exclusive:
        yield
        return
    with transaction.atomic():
        list(action.model._default_manager.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
        yield
