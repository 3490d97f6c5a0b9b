"""A job's page: its progress, the result of each of its writes, and its controls."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from offorte_portal.adminkit.freshness import read_freshness
from offorte_portal.adminkit.records import Fact, fact, list_url
from offorte_portal.adminkit.selection import Selection
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.adminkit.words import starter
from offorte_portal.compose import sending
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import counts as jobs_counts
from offorte_portal.jobs import rights, undoing
from offorte_portal.jobs.made import made_by
from offorte_portal.jobs.models import Job
from offorte_portal.jobs.pages import results
from offorte_portal.jobs.pages import words as job_words
from offorte_portal.jobs.registry import ACTIONS, title
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.tracking import followups
from offorte_portal.writes.models import Operation
from proposals.models import Proposal

SEND = "proposals.send"
# The percentage step in which screen readers announce progress.
STEP = 10
# A proposal that was just created and not read yet has no status.
UNSENT = (Proposal.Status.EDIT.value, "")


@dataclass(frozen=True)
class Made:
    """The number of a job's proposals and the URL of their list; the number in edit and the URL to send them, or ""."""

    count: int
    url: str
    drafts: int
    send_url: str


def live_context(request: HttpRequest, job: Job, told: str = "") -> dict[str, Any]:
    """Return the context of `jobs/_live.html`: progress, counts and results as of the same moment.

    `told` is the stage that was announced last.
    """
    progress = jobs_counts.progress(job)
    state = request.GET.get("state", "")
    counts = progress.counts
    pages = results.paginate(job, state, counts, staff_user(request))
    page = pages.get_page(request.GET.get("page"))
    share = 100 * progress.ended // progress.total if progress.total else 0
    return {
        "job": job,
        "told": told,
        "tally": job_words.tally(counts),
        "ended": progress.ended,
        "total": progress.total,
        "share": share,
        "is_planned": progress.state != Job.State.PLANNING,
        "planned_share": 100 * job.planned // job.size if job.size else 0,
        "stage": describe_stage(job, share),
        "left": job_words.describe_left(progress.left),
        "pill": job_words.PILLS[progress.state],
        # The number of writes that were rejected, failed, or have an unknown outcome.
        "problem": sum(counts.get(state, 0) for state in job_words.FAILED),
        "may_control": rights.may_control(job, staff_user(request)),
        "state": state if state in Operation.State.values else "",
        "results": page,
        "results_range": pages.range_text(page.number),
    }


def describe_stage(job: Job, share: int) -> str:
    """Return the job's state as text, with the progress rounded down to ten percent."""
    match job.state:
        case Job.State.PLANNING:
            return _("Preparing")
        case Job.State.RUNNING:
            return _("%(percent)d%% done") % {"percent": share // STEP * STEP}
    return str(job.get_state_display())


def job_context(request: HttpRequest, job: Job) -> dict[str, Any]:
    """Return the context of `admin/jobs/job/change_form.html`."""
    user = staff_user(request)
    context = live_context(request, job)
    cannot_undo = put_into_words(undoing.can_undo(job))
    return {
        **context,
        "freshness": read_freshness(request),
        "title": title(job),
        "told": context["stage"],
        "what": job_words.describe(job),
        "facts": job_facts(request, job),
        "made": find_made(job, user),
        "remind": followups.without(find_sent(job, user), user),
        "may_undo": context["may_control"] and not cannot_undo,
        "cannot_undo": cannot_undo,
    }


def find_sent(job: Job, user: User) -> list[int]:
    """Return the proposals that an ended job of the person has sent, at most as many as can be followed up."""
    if job.action != SEND or job.is_active or job.requested_by_id != user.pk:
        return []
    sent = Operation.objects.filter(job=job, target="proposals", verb=Operation.Verb.SEND, state=Operation.State.DONE)
    keys = sent.order_by("pk").values_list("connection", "remote_id")[: followups.MOST]
    by_account: dict[int, list[int]] = {}
    for account, remote_id in keys:
        by_account.setdefault(account, []).append(remote_id or 0)
    found = (Proposal.objects.present().filter(connection=key, remote_id__in=ids) for key, ids in by_account.items())
    return [proposal for rows in found for proposal in rows.values_list("pk", flat=True)]


def job_facts(request: HttpRequest, job: Job) -> list[Fact]:
    """Return who started the job, when, over which accounts, and which job it undoes or is undone by."""
    facts = [
        fact(_("Started by"), starter(job)),
        fact(_("Started"), job.created_at),
        fact(_("Selected"), job_words.size(job)),
    ]
    if job.finished_at:
        facts.append(fact(_("Finished"), job.finished_at))
    accounts = Connection.objects.filter(operations__job=job).distinct()
    if names := [str(account) for account in accounts]:
        facts.append(fact(_("Accounts"), ", ".join(names)))
    if job.undoes_id:
        facts.append(fact(_("Undoes"), _link(job.undoes_id)))
    facts += [fact(_("Undone by"), _link(pk)) for pk in job.undoings.values_list("pk", flat=True)]
    return facts


def _link(pk: int) -> object:
    return format_html('<a href="{}">#{}</a>', reverse("admin:jobs_job_change", args=[pk]), pk)


def find_made(job: Job, user: User) -> Made | None:
    """Return what an ended job has created; None if that is nothing or the person may see none of it."""
    action = ACTIONS.get(job.action)
    url = list_url(user, Proposal)
    if action is None or action.creates != "proposals" or job.is_active or job.undoes_id or not url:
        return None
    query = urlencode({"job": job.pk})
    made = Proposal.objects.present().filter(made_by(Job.objects.filter(pk=job.pk)))
    count, drafts = made.count(), made.filter(status__in=UNSENT).count()
    send_url = ""
    if drafts and user.has_perm(sending.PERMISSION):
        # Which proposals these are is fixed on confirmation.
        token = Selection(Proposal, None, query, None).sign(user)
        send_url = f"{reverse('job_new', args=['proposals.send'])}?{urlencode({'s': token})}"
    return Made(count, f"{url}?{query}", drafts, send_url) if count else None
