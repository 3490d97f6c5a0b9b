"""Pause, resume and cancel jobs, and retry their failures, all by conditional UPDATE."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Case, F, Q, Value, When

from offorte_portal import ports
from offorte_portal.jobs.ending import finish_ended
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.planning import LEASE, enqueue, unplanned
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.jobs.registry import ACTIONS
from offorte_portal.jobs.rights import require_control
from offorte_portal.runs import lease
from offorte_portal.text.reason import Reason
from offorte_portal.writes import queue
from offorte_portal.writes.control import await_again
from offorte_portal.writes.models import Batch, Operation
from offorte_portal.writes.reasons import WriteReason

State = Operation.State
# The state in which a job continues that had ended, was paused or was cancelled.
ACTIVE_AGAIN = Case(When(planned__lt=F("size"), then=Value(Job.State.PLANNING)), default=Value(Job.State.RUNNING))


def pause(job: Job, by: User) -> bool:
    """Send no more of the job for now; what is being sent is finished. Raises PermissionDenied, as all of these."""
    require_control(job, by)
    running = Batch.objects.filter(pk=job.pk, state__in=[Job.State.PLANNING, Job.State.RUNNING])
    return changed(job, running.update(state=Job.State.PAUSED))


def resume(job: Job, by: User) -> bool:
    """Continue a job that was paused or cancelled, unless it is being or has been undone."""
    require_control(job, by)
    halted = Batch.objects.filter(pk=job.pk, state__in=[Job.State.PAUSED, Job.State.CANCELLED])
    if job.undoings.exclude(state=Job.State.CANCELLED).exists():
        return False
    with transaction.atomic():
        if not halted.update(state=ACTIVE_AGAIN, reason=None, finished_at=None):
            return False
        cancelled = job.operations.filter(state=State.CANCELLED, reason__code=WriteReason.JOB_CANCELLED)
        cancelled.update(state=State.WAITING, reason=None, finished_at=None)
    enqueue(job.pk)
    enqueue_writes(job)
    return changed(job, 1)


def cancel(job: Job, by: User) -> bool:
    """Send no more of the job; what was done stays done."""
    require_control(job, by)
    return changed(job, end(job, None))


def end(job: Job, reason: Reason | None) -> int:
    """Cancel a job with all its waiting operations; return whether it was active, as 1 or 0."""
    now = ports.now()
    active = Batch.objects.filter(pk=job.pk, state__in=Job.ACTIVE)
    with transaction.atomic():
        if not active.update(state=Job.State.CANCELLED, reason=reason, finished_at=now):
            return 0
        waiting = job.operations.filter(state=State.WAITING)
        waiting.update(state=State.CANCELLED, reason=WriteReason.JOB_CANCELLED(), finished_at=now)
    return 1


def retry_failed(job: Job, by: User) -> bool:
    """Send all failed and rejected operations again, with the steps that waited for them."""
    require_control(job, by)
    failed = Q(state__in=[State.FAILED, State.REJECTED])
    left_behind = Q(state=State.CANCELLED, reason__code=WriteReason.STEP_FAILED)
    with transaction.atomic():
        if not job.operations.filter(failed).exists():
            return False
        ended = Batch.objects.filter(pk=job.pk, state__in=[Job.State.DONE, Job.State.CANCELLED])
        ended.update(state=ACTIVE_AGAIN, finished_at=None)
        await_again(job.operations.filter(failed | left_behind), by)
    enqueue(job.pk)
    enqueue_writes(job)
    return changed(job, 1)


def enqueue_writes(job: Job) -> None:
    """Let the worker send the job's waiting operations."""
    waiting = job.operations.filter(state=State.WAITING).order_by()
    for connection_id in waiting.values_list("connection", flat=True).distinct():
        queue.enqueue(connection_id)


def changed(job: Job, rows: int) -> bool:
    """Return whether any row was changed; if so, end the job if nothing of it is left, and reload it."""
    if rows:
        finish_ended([job.pk])
        job.refresh_from_db(fields=["state", "reason", "planned", "finished_at"])
    return bool(rows)


def sweep() -> None:
    """Continue jobs that no process works on, end those that are done, cancel those that are no longer allowed."""
    for job in Job.objects.filter(state__in=Job.ACTIVE).select_related("requested_by").defer("selection", "statuses"):
        action, person = ACTIONS.get(job.action), job.requested_by
        # A new release may have removed the action: the job isn't allowed then either.
        if not (action and person and person.is_active and person.has_perm(action.permission)):
            end(job, JobReason.NOT_ALLOWED())
    for job_id in Job.objects.filter(lease.is_free(LEASE), unplanned()).values_list("pk", flat=True):
        enqueue(job_id)
    finish_ended()
