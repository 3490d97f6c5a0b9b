"""The proposals that a job has created: the way to their list, and to sending them together."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.urls import reverse

from offorte_portal.adminkit.records import list_url
from offorte_portal.adminkit.selection import Selection
from offorte_portal.compose import sending
from offorte_portal.jobs.made import made_by
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.registry import find_action
from proposals.models import Proposal

SEND = "proposals.send"
# A proposal that was just created and not read yet has no status.
UNSENT = (Proposal.Status.EDIT.value, "")


@dataclass(frozen=True)
class Made:
    """The number of a job's proposals and the URL of their list; the number in edit and the URL to send them, or ""."""

    count: int
    url: str
    drafts: int
    send_url: str


def find_made(job: Job, user: User) -> Made | None:
    """Return what an ended job has created; None if that is nothing or the person may see none of it."""
    action = find_action(job)
    url = list_url(user, Proposal)
    if action is None or action.creates != "proposals" or job.is_active or job.undoes_id or not url:
        return None
    made = Proposal.objects.present().filter(made_by(Job.objects.filter(pk=job.pk)))
    count, drafts = made.count(), made.filter(status__in=UNSENT).count()
    may_send = drafts and user.has_perm(sending.PERMISSION)
    return Made(count, f"{url}?job={job.pk}", drafts, send_url(job, user) if may_send else "") if count else None


def send_url(job: Job, user: User) -> str:
    """Return the URL to send what the job has created; which proposals these are is fixed on confirmation."""
    made = Selection(Proposal, None, urlencode({"job": job.pk}), None)
    return f"{reverse('job_new', args=[SEND])}?{urlencode({'s': made.sign(user)})}"
