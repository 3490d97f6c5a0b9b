"""Undoing a job: a new job restores the values that its operations found, if Offorte still holds what they wrote.

What was changed at Offorte since is left out and named. A job can be undone for 30 days. People who were created for
a merge are deleted again as long as that merge has deleted nothing; created proposals are as long as they are in
edit; imported rows, and companies and people that were created for proposals, are as long as they are unchanged and
nothing depends on them.
"""

from datetime import timedelta
from uuid import UUID

from django.contrib.auth.models import User

from offorte_portal import ports
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.jobs.registry import ACTIONS
from offorte_portal.jobs.rights import require_control
from offorte_portal.jobs.starting import create
from offorte_portal.text.reason import Reason
from offorte_portal.writes.models import Operation

KEPT_FOR = timedelta(days=30)
Verb = Operation.Verb


class NotUndoableError(Exception):
    """The job can't be undone, for the reason that it carries."""


def can_undo(job: Job) -> Reason | None:
    """Return the reason why the job can't be undone; None if it can. At most two queries."""
    action = ACTIONS.get(job.action)
    if job.undoes_id is not None:
        return JobReason.IS_UNDO()
    if action is None or not action.is_undoable:
        return JobReason.NOT_UNDOABLE()
    if job.is_active:
        return JobReason.ACTIVE()
    if job.created_at < ports.now() - KEPT_FOR:
        return JobReason.TOO_OLD()
    if job.undoings.filter(state__in=Job.ACTIVE).exists():
        return JobReason.BEING_UNDONE()
    states = set(job.operations.exclude(verb=Verb.DELETE).order_by().values_list("state", flat=True).distinct())
    if Operation.State.DONE in states:
        return None
    return JobReason.ALREADY_UNDONE() if Operation.State.UNDONE in states else JobReason.NOTHING_DONE()


def undo(job: Job, *, by: User, key: UUID | None = None) -> Job:
    """Start the job that undoes this one, the last operation first; the same key twice gives the same job.

    Raises PermissionDenied; NotUndoableError with the reason.
    """
    require_control(job, by)
    if key is not None and (started := Job.objects.filter(key=key, undoes=job).first()):
        return started
    if reason := can_undo(job):
        raise NotUndoableError(reason)
    done = job.operations.filter(state=Operation.State.DONE).order_by("-pk").values_list("pk", flat=True)
    return create(
        action=job.action, selection=list(done), options=job.options, by=by, key=key or ports.new_uuid(), undoes=job
    )
