"""The progress of a job, whatever its size: in one query, and a few more every ten seconds."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

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
    for connection_id, state, number in counted(job):
        counts[state] += number
        if state in TO_SEND:
            left[connection_id] += number
    pending = sum(counts[state] for state in Operation.PENDING)
    if is_ended(job, pending):
        finish_ended([job.pk])
        job.state = Job.State.DONE
    total = sum(counts.values())
    if is_reading(job):
        counts[State.DONE] += job.planned - total
        total = job.planned
    total += job.size - job.planned
    ended = sum(counts.values()) - pending
    return Progress(Job.State(job.state), dict(counts), ended, total, minutes_left(job, left))


def counted(job: Job) -> Iterable[tuple[int, str, int]]:
    """Return the number of the job's operations by account and state."""
    rows = Operation.objects.filter(job=job).order_by().values_list("connection", "state")
    return rows.annotate(number=Count("pk"))


def is_ended(job: Job, pending: int) -> bool:
    """Return whether the job could be marked as done."""
    return not pending and job.planned >= job.size and job.state in {Job.State.RUNNING, Job.State.PAUSED}


def is_reading(job: Job) -> bool:
    """Return whether the job only reads; it has operations only for what could not be read then."""
    action = ACTIONS.get(job.action)
    return action is not None and action.is_read


def minutes_left(job: Job, left: Mapping[int, int]) -> int | None:
    """Return the minutes until all of it is sent, up to ten seconds old; None if there is nothing to wait for."""
    if job.state not in {Job.State.PLANNING, Job.State.RUNNING} or not (left or job.planned < job.size):
        return None
    return caches["local"].get_or_set(f"minutes-left-{job.pk}", lambda: forecast(job, left), SAID_FOR)


def forecast(job: Job, left: Mapping[int, int]) -> int:
    """Return the minutes until all of it is sent: accounts work in parallel, an account's jobs take turns."""
    seconds = [0.0]
    if left:
        shares = in_turns(job, left)
        connections = Connection.objects.only("pk").in_bulk(shares)
        seconds += [budget.forecast(connections[key], number) for key, number in shares.items()]
    return math.ceil((max(seconds) + (job.size - job.planned) * seconds_each()) / 60) or 1


def in_turns(job: Job, left: Mapping[int, int]) -> dict[int, int]:
    """Return the number of requests that each account sends until the last one of this job is sent."""
    rows = Operation.objects.filter(connection__in=left, state__in=TO_SEND).exclude(job__state=Job.State.PAUSED)
    others = rows.exclude(job=job).order_by().values_list("connection", "job").annotate(number=Count("pk"))
    shares = dict(left)
    for connection_id, job_id, number in others:
        # A person's single writes go first; another job sends as many as this one meanwhile.
        shares[connection_id] += number if job_id is None else min(number, left[connection_id])
    return shares


def seconds_each() -> float:
    """Return the seconds that a request takes if only the rate limit delays it."""
    limit = settings.OFFORTE_REQUESTS_PER_MINUTE
    return 60 / limit if limit > 0 else 0.0


def with_failures(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Return the jobs of which a write was rejected, failed, or has an unknown outcome."""
    return jobs.filter(Exists(Operation.objects.filter(job=OuterRef("pk"), state__in=FAILURES)))
