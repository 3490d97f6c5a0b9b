"""The end of a job: no rows left to plan, no operation pending."""

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef

from offorte_portal import ports
from offorte_portal.writes.models import Batch, Operation


def finish_ended(job_ids: Iterable[int] | None = None) -> int:
    """Mark as done those of the jobs, or of all jobs, that have nothing pending; return how many."""
    jobs = Batch.objects.filter(state__in=[Batch.State.RUNNING, Batch.State.PAUSED], planned__gte=F("size"))
    if job_ids is not None:
        jobs = jobs.filter(pk__in=list(job_ids))
    pending = Operation.objects.filter(job=OuterRef("pk"), state__in=Operation.PENDING)
    return jobs.filter(~Exists(pending)).update(state=Batch.State.DONE, finished_at=ports.now())
