"""The proposals that a job has made: in their list, and on the way to being sent together."""

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
# What was just made and not read yet has no status.
UNSENT = (Proposal.Status.EDIT.value, "")


@dataclass(frozen=True)
class Made:
    """How many proposals of a job there are, where their list is, and where those in edit are sent ("" where not)."""

    count: int
    url: str
    drafts: int
    send_url: str


def find_made(job: Job, user: User) -> Made | None:
    """What an ended job has made; None where that is nothing, or nothing that the person may see."""
    action = find_action(job)
    url = list_url(user, Proposal)
    if action is None or action.creates != "proposals" or job.is_active or job.undoes_id or not url:
        return None
    made = Proposal.objects.present().filter(made_by(Job.objects.filter(pk=job.pk)))
    count, drafts = made.count(), made.filter(status__in=UNSENT).count()
    may_send = drafts and user.has_perm(sending.PERMISSION)
    return Made(count, f"{url}?job={job.pk}", drafts, send_url(job, user) if may_send else "") if count else None


def send_url(job: Job, user: User) -> str:
    """The page on which what the job has made is sent; which proposals these are is frozen when that is confirmed."""
    made = Selection(Proposal, None, urlencode({"job": job.pk}), None)
    return f"{reverse('job_new', args=[SEND])}?{urlencode({'s': made.sign(user)})}"
