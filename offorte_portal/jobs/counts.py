"""The progress of a job, whatever its size: in one query, and a few more every ten seconds."""

import math
from collections import Counter
from collections.abc import Mapping

from django.conf import settings
from django.core.cache import caches
from django.db.models import Count, Exists, OuterRef, QuerySet

from offorte_portal.connections import budget
from offorte_portal.connections.models import Connection
from offorte_portal.jobs.ending import finish_ended
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.registry import ACTIONS
from offorte_portal.jobs.results import Progress
from offorte_portal.writes.models import Operation

State = Operation.State
TO_SEND = (State.WAITING, State.SENDING)
FAILURES = (State.FAILED, State.REJECTED, State.UNKNOWN)
# Seconds for which a forecast is cached: pages ask every other second.
SAID_FOR = 10


def progress(job: Job) -> Progress:
    """Return the progress of the job; a job that turns out to have ended is marked as done."""
    counts: Counter[str] = Counter()
    left: Counter[int] = Counter()
    rows = Operation.objects.filter(job=job).order_by().values_list("connection", "state")
    for connection_id, state, number in rows.annotate(number=Count("pk")):
        counts[state] += number
        if state in TO_SEND:
            left[connection_id] += number
    pending = sum(counts[state] for state in Operation.PENDING)
    if not pending and job.planned >= job.size and job.state in {Job.State.RUNNING, Job.State.PAUSED}:
        finish_ended([job.pk])
        job.state = Job.State.DONE
    total = sum(counts.values())
    action = ACTIONS.get(job.action)
    # A job that only reads has operations only for what could not be read.
    if action is not None and action.is_read:
        counts[State.DONE] += job.planned - total
        total = job.planned
    total += job.size - job.planned
    ended = sum(counts.values()) - pending
    return Progress(Job.State(job.state), dict(counts), ended, total, minutes_left(job, left))


def minutes_left(job: Job, left: Mapping[int, int]) -> int | None:
    """Return the minutes until all of it is sent, up to ten seconds old; None if there is nothing to wait for."""
    if job.state not in {Job.State.PLANNING, Job.State.RUNNING} or not (left or job.planned < job.size):
        return None
    return caches["local"].get_or_set(f"minutes-left-{job.pk}", lambda: forecast(job, left), SAID_FOR)


def forecast(job: Job, left: Mapping[int, int]) -> int:
    """Return the minutes until all of it is sent: accounts work in parallel, an account's jobs take turns."""
    seconds = [0.0]
    if left:
        # The number of requests that each account sends until the last one of this job is sent.
        shares = dict(left)
        rows = Operation.objects.filter(connection__in=left, state__in=TO_SEND).exclude(job__state=Job.State.PAUSED)
        others = rows.exclude(job=job).order_by().values_list("connection", "job").annotate(number=Count("pk"))
        for connection_id, job_id, number in others:
            # A person's single writes go first; another job sends as many as this one meanwhile.
            shares[connection_id] += number if job_id is None else min(number, left[connection_id])
        connections = Connection.objects.only("pk").in_bulk(shares)
        seconds += [budget.forecast(connections[key], number) for key, number in shares.items()]
    # What is not planned yet, as if only the rate limit delayed it.
    limit = settings.OFFORTE_REQUESTS_PER_MINUTE
    seconds_each = 60 / limit if limit > 0 else 0.0
    return math.ceil((max(seconds) + (job.size - job.planned) * seconds_each) / 60) or 1


def with_failures(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Return the jobs of which a write was rejected, failed, or has an unknown outcome."""
    return jobs.filter(Exists(Operation.objects.filter(job=OuterRef("pk"), state__in=FAILURES)))
