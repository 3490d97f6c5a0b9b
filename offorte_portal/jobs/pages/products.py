"""The proposals that a job has made: in their list, and on the way to being sent together."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.urls import reverse

from offorte_portal.adminkit.records import list_url
from offorte_portal.adminkit.selection import Selection
from offorte_portal.compose import sending
from offorte_portal.jobs.pages import words as job_words
from offorte_portal.models import Job, Operation
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


def made_by(jobs: QuerySet[Job]) -> Q:
    """Which proposals these jobs have made and not deleted again."""
    created = Operation.objects.filter(
        job__in=jobs, target="proposals", verb=Operation.Verb.CREATE, state=Operation.State.DONE
    )
    accounts = list(created.order_by().values_list("connection", flat=True).distinct())
    found = Q(pk__in=[])
    for account in accounts:
        found |= Q(connection=account, remote_id__in=created.filter(connection=account).values("remote_id"))
    return found


def find_made(job: Job, user: User) -> Made | None:
    """What an ended job has made; None where that is nothing, or nothing that the person may see."""
    action = job_words.find_action(job)
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
