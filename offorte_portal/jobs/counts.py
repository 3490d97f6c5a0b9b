"""How far a job has come, whatever its size: in one query, and three more every ten seconds."""

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
# Seconds for which a forecast is told without asking again: pages ask every other second.
SAID_FOR = 10


def progress(job: Job) -> Progress:
    """How far the job has come. A job that is found to have ended is marked so."""
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
    """How many of its operations each account has in each state."""
    rows = Operation.objects.filter(job=job).order_by().values_list("connection", "state")
    return rows.annotate(number=Count("pk"))


def is_ended(job: Job, pending: int) -> bool:
    """Whether the job could be marked as done."""
    return not pending and job.planned >= job.size and job.state in {Job.State.RUNNING, Job.State.PAUSED}


def is_reading(job: Job) -> bool:
    """Whether the job reads: only what could not be read has an operation then."""
    action = ACTIONS.get(job.action)
    return action is not None and action.is_read


def minutes_left(job: Job, left: Mapping[int, int]) -> int | None:
    """In how many minutes all of it will have been sent, as far as can be said now or could ten seconds ago."""
    if job.state not in {Job.State.PLANNING, Job.State.RUNNING} or not (left or job.planned < job.size):
        return None
    return caches["local"].get_or_set(f"minutes-left-{job.pk}", lambda: forecast(job, left), SAID_FOR)


def forecast(job: Job, left: Mapping[int, int]) -> int:
    """In how many minutes all of it will have been sent: accounts go at once, jobs of an account take turns."""
    seconds = [0.0]
    if left:
        shares = in_turns(job, left)
        connections = Connection.objects.only("pk").in_bulk(shares)
        seconds += [budget.forecast(connections[key], number) for key, number in shares.items()]
    return math.ceil((max(seconds) + (job.size - job.planned) * seconds_each()) / 60) or 1


def in_turns(job: Job, left: Mapping[int, int]) -> dict[int, int]:
    """How many requests each account will have seen when the last of this job is among them."""
    rows = Operation.objects.filter(connection__in=left, state__in=TO_SEND).exclude(job__state=Job.State.PAUSED)
    others = rows.exclude(job=job).order_by().values_list("connection", "job").annotate(number=Count("pk"))
    shares = dict(left)
    for connection_id, job_id, number in others:
        # A person's own writes go first; of another job as many go as of this one.
        shares[connection_id] += number if job_id is None else min(number, left[connection_id])
    return shares


def seconds_each() -> float:
    """Seconds that a request takes when nothing but the limit holds it up."""
    limit = settings.OFFORTE_REQUESTS_PER_MINUTE
    return 60 / limit if limit > 0 else 0.0


def with_failures(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Of these jobs, those of which a write was refused, failed, or has an unknown outcome."""
    return jobs.filter(Exists(Operation.objects.filter(job=OuterRef("pk"), state__in=FAILURES)))
