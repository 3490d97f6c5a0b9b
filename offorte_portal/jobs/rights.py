"""Who may start a job, and who may see and control one."""

from typing import Any

from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Q, QuerySet

from offorte_portal.jobs.action import Action, Choice
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.registry import ACTIONS, find
from offorte_portal.jobs.rules import is_limited
from offorte_portal.jobs.selection import AT_ONCE, batches
from offorte_portal.staff.access import own
from proposals.models import Proposal

VIEW_JOB = "jobs.view_job"
OTHERS = "jobs.view_others_jobs"


def may_see(job: Job, user: User) -> bool:
    """Return whether the job is the person's own, or they may see those of others."""
    return job.requested_by_id == user.pk or user.has_perm(OTHERS)


def may_control(job: Job, user: User) -> bool:
    """Return whether the person may pause, resume, cancel, retry and undo the job."""
    action = ACTIONS.get(job.action)
    return action is not None and may_see(job, user) and user.has_perm(action.permission)


def require_control(job: Job, user: User) -> Action[Any]:
    """Return the job's action. Raises PermissionDenied if the person may not control the job."""
    if not may_control(job, user):
        raise PermissionDenied
    return find(job.action)


def require_start(action: Action[Any], selection: list[int], choice: Choice) -> None:
    """Raise PermissionDenied without the permission, or if the person may not work on any of the rows.

    Other people's rows among their own are left out with a reason when the job is planned.
    """
    if not choice.by.has_perm(action.permission):
        raise PermissionDenied
    if selection and is_limited(action, choice):
        theirs = own(Proposal.objects.all(), choice.by)
        if not any(theirs.filter(pk__in=keys).exists() for keys in batches(selection, AT_ONCE)):
            raise PermissionDenied


def visible_jobs(user: User) -> QuerySet[Job]:
    """Return the jobs that the person may see, checked in one query so that polling pages stay cheap."""
    if user.is_superuser:
        return Job.objects.all()
    whose = Q(requested_by=user) | Exists(_grants(user, OTHERS))
    return Job.objects.filter(whose, Exists(_grants(user, VIEW_JOB)))


def _grants(user: User, permission: str) -> QuerySet[Permission]:
    app, codename = permission.split(".")
    holders = Q(user=user) | Q(group__user=user)
    return Permission.objects.filter(holders, codename=codename, content_type__app_label=app)
