"""Whose jobs and writes a person sees: their own, or everybody's with a permission; and which they may act on."""

from django.contrib.auth.models import Permission, User
from django.db.models import Exists, Q, QuerySet

from offorte_portal.mirror.registry import RESOURCES
from offorte_portal.models import Job, Operation
from offorte_portal.writes.rights import is_allowed

VIEW_JOB = "offorte_portal.view_job"
OTHERS_JOBS = "offorte_portal.view_others_jobs"
OTHERS_OPERATIONS = "offorte_portal.view_others_operations"


def visible_jobs(user: User) -> QuerySet[Job]:
    """The jobs that the person may see, asked in the query itself: a page that polls must not cost more."""
    if user.is_superuser:
        return Job.objects.all()
    whose = Q(requested_by=user) | Exists(_grants(user, OTHERS_JOBS))
    return Job.objects.filter(whose, Exists(_grants(user, VIEW_JOB)))


def _grants(user: User, permission: str) -> QuerySet[Permission]:
    app, codename = permission.split(".")
    holders = Q(user=user) | Q(group__user=user)
    return Permission.objects.filter(holders, codename=codename, content_type__app_label=app)


def visible_operations(user: User) -> QuerySet[Operation]:
    """The writes that the person may see: what they asked for, also by their jobs, or everything."""
    if user.has_perm(OTHERS_OPERATIONS):
        return Operation.objects.all()
    return Operation.objects.filter(requested_by=user)


def may_control(operation: Operation, user: User) -> bool:
    """Whether the person may cancel, repeat, settle or undo the write: they see it, and could ask for it themselves."""
    is_known = operation.target in RESOURCES and user.has_perm("offorte_portal.view_operation")
    is_seen = operation.requested_by_id == user.pk or user.has_perm(OTHERS_OPERATIONS)
    return is_known and is_seen and is_allowed(user, operation)
