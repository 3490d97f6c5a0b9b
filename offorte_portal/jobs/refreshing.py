"""Jobs that read: the details of each selected proposal, one request each, in the background's lane.

`planned` says how many were read. What could not be read gets an operation in state SKIPPED that says why: there is
nothing in it to be sent.
"""

import time
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from offorte_portal.api.errors import OfforteError, RateLimited, Unavailable
from offorte_portal.connections.budget import Lane
from offorte_portal.jobs import reasons
from offorte_portal.jobs.action import Action, Choice, Skip, Step
from offorte_portal.jobs.ending import finish_ended
from offorte_portal.jobs.selection import Decision, decide
from offorte_portal.jobs.storing import Batch
from offorte_portal.models import Job
from offorte_portal.services import proposals
from proposals.models import Proposal

LEASE = timedelta(seconds=120)


def work(job: Job, mine: QuerySet[Job], action: Action[Any], choice: Choice, until: float) -> bool:
    """Read one after the other; answer whether there is more to do at once.

    Where Offorte can't be reached, the rest is left to the sweep, which looks each minute.
    """
    mine.filter(state=Job.State.PLANNING).update(state=Job.State.RUNNING)
    while job.planned < job.size:
        left = until - time.monotonic()
        if left <= 0:
            return True
        try:
            decision = read_next(job, action, choice)
        except RateLimited as error:
            time.sleep(max(0.01, min(error.retry_after or 5, left)))
            continue
        except Unavailable as error:
            mine.filter(state=Job.State.RUNNING).update(reason=error.message)
            return False
        if not advance(job, mine, action, decision):
            return False
    finish_ended([job.pk])
    return False


def read_next(job: Job, action: Action[Any], choice: Choice) -> Decision:
    """Read the next proposal, and say what came of it. Raises RateLimited; Unavailable where nothing can be read."""
    key = job.selection[job.planned]
    (decision,) = decide(action, [key], choice)
    if not isinstance(decision.row, Proposal) or not isinstance(decision.outcome, Step):
        return decision
    try:
        proposals.refresh(decision.row, lane=Lane.BACKGROUND)
    except RateLimited:
        raise
    except OfforteError as error:
        if isinstance(error, Unavailable) and error.status != 500:
            raise
        return Decision(key, decision.row, Skip(error.message))
    return decision


def advance(job: Job, mine: QuerySet[Job], action: Action[Any], decision: Decision) -> bool:
    """Keep what came of one proposal; answer False where the job was paused, cancelled or taken over."""
    batch = Batch(job)
    if isinstance(decision.outcome, Skip):
        batch.add(action, [decision])
    current = mine.filter(state=Job.State.RUNNING, planned=job.planned)
    reason = reasons.MISSING if batch.is_missing_any else job.reason
    with transaction.atomic():
        until = timezone.now() + LEASE
        if not current.update(planned=job.planned + 1, attempts=1, lease_until=until, reason=reason):
            return False
        batch.save()
    job.planned += 1
    job.reason = reason
    return True
