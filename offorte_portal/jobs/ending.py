"""When a job has ended: nothing left to plan, nothing of it pending."""

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from offorte_portal.models import Job, Operation


def finish_ended(job_ids: Iterable[int] | None = None) -> int:
    """Mark the jobs as done, of these or of all, of which nothing is pending; answer how many."""
    jobs = Job.objects.filter(state__in=[Job.State.RUNNING, Job.State.PAUSED], planned__gte=F("size"))
    if job_ids is not None:
        jobs = jobs.filter(pk__in=list(job_ids))
    pending = Operation.objects.filter(job=OuterRef("pk"), state__in=Operation.PENDING)
    return jobs.filter(~Exists(pending)).update(state=Job.State.DONE, finished_at=timezone.now())
