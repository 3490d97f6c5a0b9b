"""Once a minute: what the queue lost, what has ended unnoticed, and who may no longer do what they started."""

from django.db.models import Q
from django.utils import timezone

from offorte_portal.jobs import reasons
from offorte_portal.jobs.control import end
from offorte_portal.jobs.ending import finish_ended
from offorte_portal.jobs.planning import unplanned
from offorte_portal.jobs.registry import ACTIONS
from offorte_portal.jobs.starting import enqueue
from offorte_portal.models import Job


def sweep() -> None:
    """Go on with jobs that nothing works on, end those that are done, stop those that are no longer allowed."""
    for job in Job.objects.filter(state__in=Job.ACTIVE).select_related("requested_by").defer("selection"):
        if not is_allowed(job):
            end(job, reasons.NOT_ALLOWED)
    idle = Q(lease="") | Q(lease_until__lt=timezone.now())
    for job_id in Job.objects.filter(idle, unplanned()).values_list("pk", flat=True):
        enqueue(job_id)
    finish_ended()


def is_allowed(job: Job) -> bool:
    """Whether who started the job still may do what it does; its action may have gone with a new release."""
    action, person = ACTIONS.get(job.action), job.requested_by
    return bool(action and person and person.is_active and person.has_perm(action.permission))
