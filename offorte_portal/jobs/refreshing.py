"""Jobs that read the details of each selected proposal, one request each, in the lane of what people queue.

`planned` is the number of proposals read. One that could not be read gets an operation in state SKIPPED with the
reason; nothing in it is sent.
"""

from typing import Any

from django.db import transaction
from django.db.models import Q

from offorte_portal import ports
from offorte_portal.api.errors import OfforteError, RateLimited, Unavailable
from offorte_portal.connections.budget import Lane
from offorte_portal.jobs.action import Action, Choice, Skip, Step
from offorte_portal.jobs.ending import finish_ended
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.jobs.selection import Decision, decide
from offorte_portal.jobs.storing import Chunk
from offorte_portal.runs.lease import Lease
from offorte_portal.sync import refreshing as proposals
from proposals.models import Proposal


def work(job: Job, held: Lease, action: Action[Any], choice: Choice, until: float) -> bool:
    """Read one proposal after the other; return whether there is more to do at once. Raises LeaseLostError.

    If Offorte can't be reached, the rest is left to the sweep, which runs every minute.
    """
    held.still_mine().filter(state=Job.State.PLANNING).update(state=Job.State.RUNNING)
    while job.planned < job.size:
        left = until - ports.monotonic()
        if left <= 0:
            return True
        try:
            decision = read_next(job, action, choice)
        except RateLimited as error:
            ports.sleep(max(0.01, min(error.retry_after or 5, left)))
            continue
        except Unavailable as error:
            held.still_mine().filter(state=Job.State.RUNNING).update(reason=error.reason)
            return False
        advance(job, held, action, decision)
    finish_ended([job.pk])
    return False


def read_next(job: Job, action: Action[Any], choice: Choice) -> Decision:
    """Read the next proposal and return the decision. Raises RateLimited; Unavailable if nothing can be read."""
    key = job.selection[job.planned]
    (decision,) = decide(action, [key], choice)
    if not isinstance(decision.row, Proposal) or not isinstance(decision.outcome, Step):
        return decision
    try:
        proposals.refresh(decision.row, lane=Lane.QUEUED)
    except RateLimited:
        raise
    except OfforteError as error:
        if isinstance(error, Unavailable) and error.status != 500:
            raise
        return Decision(key, decision.row, Skip(error.reason))
    return decision


def advance(job: Job, held: Lease, action: Action[Any], decision: Decision) -> None:
    """Store the decision about one proposal. Raises LeaseLostError if the job was paused, cancelled or taken over."""
    chunk = Chunk(job)
    if isinstance(decision.outcome, Skip):
        chunk.add(action, [decision])
    is_current = Q(state=Job.State.RUNNING, planned=job.planned)
    reason = JobReason.MISSING() if chunk.is_missing_any else job.reason
    with transaction.atomic():
        held.save(where=is_current, planned=job.planned + 1, attempts=1, reason=reason)
        chunk.save()
    job.planned += 1
    job.reason = reason
