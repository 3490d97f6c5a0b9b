"""The progress of a job, whatever its size: in one query, and a few more every ten seconds."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.core.cache import caches
from django.db.models import Count, Exists, OuterRef, QuerySet

from offorte_portal.connections import budget
from offorte_portal.connections.budget import Lane
from offorte_portal.connections.models import Connection
from offorte_portal.jobs.ending import finish_ended
from offorte_portal.jobs.estimate import Beside, Estimate, count_before, latest, with_unplanned
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
    return Progress(Job.State(job.state), dict(counts), ended, total, time_left(job, left))


def time_left(job: Job, left: Mapping[int, int]) -> Estimate | None:
    """Return the time until all of it is sent, up to ten seconds old; None if there is nothing to wait for."""
    if job.state not in {Job.State.PLANNING, Job.State.RUNNING} or not (left or job.planned < job.size):
        return None
    return caches["local"].get_or_set(f"time-left-{job.pk}", lambda: forecast(job, left), SAID_FOR)


def forecast(job: Job, left: Mapping[int, int]) -> Estimate:
    """Return the time until all of it is sent, at the rate of each account's budget."""
    beside = find_beside(job, left) if left else {}
    estimates = []
    for connection_id, changes in left.items():
        before = count_before(changes, beside.get(connection_id, Beside()))
        seconds = budget.forecast(Connection(pk=connection_id), changes + before, lane=Lane.QUEUED)
        estimates.append(Estimate(seconds, changes, before))
    # What is not planned yet, as if only the rate limit delayed it.
    limit = settings.OFFORTE_REQUESTS_PER_MINUTE
    return with_unplanned(latest(estimates), job.size - job.planned, 60 / limit if limit > 0 else 0.0)


def find_beside(job: Job, accounts: Iterable[int]) -> dict[int, Beside]:
    """Return what waits beside a job in each of these accounts, in one query."""
    rows = Operation.objects.filter(connection__in=accounts, state__in=TO_SEND).exclude(job__state=Job.State.PAUSED)
    others = rows.exclude(job=job).order_by().values_list("connection", "job", "job__requested_by")
    found: defaultdict[int, Beside] = defaultdict(Beside)
    for connection_id, job_id, person_id, number in others.annotate(number=Count("pk")):
        beside = found[connection_id]
        if job_id is None:
            beside.singles += number
        elif person_id == job.requested_by_id:
            beside.own.append(number)
        else:
            beside.others.setdefault(person_id, []).append(number)
    return found


def with_failures(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Return the jobs of which a write was rejected, failed, or has an unknown outcome."""
    return jobs.filter(Exists(Operation.objects.filter(job=OuterRef("pk"), state__in=FAILURES)))
