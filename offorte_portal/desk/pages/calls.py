"""The call list on the home page, and what a person does with its rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offorte_portal.adminkit import badges, money
from offorte_portal.adminkit.staffview import StaffRequest, staff_view
from offorte_portal.desk import thresholds
from offorte_portal.desk.calls import dealing, reading
from offorte_portal.desk.calls.reading import STALE, Call, Counted
from offorte_portal.desk.calls.sources import ranked
from offorte_portal.desk.pages.attention import proposals_url
from offorte_portal.staff.access import OTHERS, owns
from offorte_portal.staff.scope import Scope
from offorte_portal.tracking import followups
from offorte_portal.tracking.models import FollowUp
from proposals.models import Proposal

VIEW, CHANGE = "proposals.view_proposal", "proposals.change_proposal"
ADD_FOLLOW_UP, CHANGE_FOLLOW_UP = "tracking.add_followup", "tracking.change_followup"
# The keys of `calls.js`, for the list of shortcuts.
SHORTCUTS = (
    ("j", gettext_lazy("Next on the call list")),
    ("k", gettext_lazy("Previous on the call list")),
    ("Enter", gettext_lazy("Open the proposal")),
    ("c", gettext_lazy("Call, or mail if there is no number")),
    ("m", gettext_lazy("Mail")),
    ("f", gettext_lazy("Follow up")),
    ("w", gettext_lazy("Mark as won")),
    ("l", gettext_lazy("Mark as lost")),
    ("d", gettext_lazy("Done")),
    ("s", gettext_lazy("Snooze")),
    ("u", gettext_lazy("Undo what you did last")),
)


@dataclass(frozen=True)
class CallRow:
    """A row of the list as the page shows it; `follow_up` is the key of the one that is due, if any."""

    call: Call
    may_decide: bool
    follow_up: int | None
    icon: str

    @property
    def open_url(self) -> str:
        """The page that the row leads to: a failed job's, else the proposal's."""
        first = self.call.news[0]
        if first.kind == "job":
            return reverse("admin:jobs_job_change", args=[first.key])
        return reverse("admin:proposals_proposal_change", args=[self.call.proposal.pk])


@dataclass(frozen=True)
class Choice:
    """A filter of the list: all, or one kind of reason."""

    label: str | Promise
    icon: str
    count: int
    url: str
    is_active: bool


@dataclass(frozen=True)
class CallList:
    """The list for one address."""

    rows: list[CallRow]
    choices: list[Choice]
    stale: Counted
    stale_days: int
    stale_worth: str
    stale_url: str
    kind: str
    more_url: str
    is_later_page: bool


def read_list(request: StaffRequest, scope: Scope) -> CallList:
    """Return the call list that the address asks for (`why`, `page`). At most four queries."""
    kind = request.GET.get("why", "")
    kind = kind if kind in {source.kind for source in ranked()} else ""
    given = request.GET.get("page", "")
    page = int(given) if given.isascii() and given.isdecimal() and 0 < len(given) < 4 else 1
    found = reading.read(scope, kind, max(page, 1))
    counts = found.counts
    kinds = [source for source in ranked() if source.kind in counts]

    def url(**parameters: str) -> str:
        return "?" + urlencode({"who": scope.who} | parameters)

    stale = counts.get(STALE, Counted())
    everything = Choice(gettext_lazy("All"), "", 0, url(), not kind)
    choices = [
        Choice(each.label, each.icon, counts[each.kind].count, url(why=each.kind), kind == each.kind) for each in kinds
    ]
    return CallList(
        rows=list_rows(scope, found.calls),
        choices=[everything, *choices] if choices else [],
        stale=stale,
        stale_days=thresholds.read().stale_days,
        stale_worth=write_stale(stale),
        stale_url=proposals_url(scope, attention=STALE),
        kind=kind,
        more_url=url(**({"why": kind} if kind else {}), page=str(page + 1)) if found.has_more else "",
        is_later_page=page > 1,
    )


def write_stale(stale: Counted) -> str:
    """Return what is to clean up is worth, in each currency, and how many have no total."""
    unknown = [money.write_unknown(stale.worth.unknown)] if stale.worth.unknown else []
    return ", ".join([money.write_worth(stale.worth), *unknown] if stale.worth.amounts else unknown)


def list_rows(scope: Scope, calls: list[Call]) -> list[CallRow]:
    user = scope.user
    may_change, may_all = user.has_perm(CHANGE), user.has_perm(OTHERS)
    # Of a colleague's follow-up, people who may work on their own alone only leave their own list.
    may_finish = user.has_perm(CHANGE_FOLLOW_UP) and (scope.is_mine or may_all)
    icons = {source.kind: source.icon for source in ranked()}
    rows = []
    for call in calls:
        due = call.find("followup")
        may_decide = may_change and (may_all or owns(user, call.proposal)) and call.proposal.status == "open"
        rows.append(CallRow(call, may_decide, due.key if due and may_finish else None, icons[call.news[0].kind]))
    return rows


@staff_view(VIEW, methods=["POST"])
def finish(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a row off the person's list until there is newer news; a follow-up that was due is done."""
    proposal, follow_up = _find(request, pk)
    at = dealing.finish(proposal, follow_up, request.user)
    return _leave(request, proposal, follow_up, at, _("Done: %s"))


@staff_view(VIEW, methods=["POST"])
def snooze(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a row off the person's list for some days; a follow-up that was due is put off."""
    proposal, follow_up = _find(request, pk)
    days = request.POST.get("days", "")
    if days not in {str(step) for step in followups.STEPS}:
        messages.error(request, _("“%s” wasn’t snoozed. Choose until when.") % proposal)
        return redirect("home")
    at = dealing.snooze(proposal, follow_up, request.user, int(days))
    return _leave(request, proposal, follow_up, at, _("Snoozed: %s"))


@staff_view(VIEW, methods=["POST"])
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a row back on the list, and its follow-up back to when it was due."""
    proposal, follow_up = _find(request, pk)
    at = _read_moment(request.POST.get("at", ""))
    if at and dealing.undo(proposal, follow_up, request.user, at):
        messages.success(request, _("“%s” is back on your list.") % proposal)
    else:
        messages.info(request, _("There’s nothing to undo."))
    badges.forget(request)
    return redirect(f"{_next(request)}#call-{pk}")


def _find(request: StaffRequest, pk: int) -> tuple[Proposal, FollowUp | None]:
    """Return the proposal and the form's follow-up. Raises Http404, or PermissionDenied for another's follow-up."""
    proposal = get_object_or_404(Proposal.objects.only("pk", "name", "remote_id"), pk=pk, removed_at__isnull=True)
    key = request.POST.get("follow_up", "")
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        return proposal, None
    follow_up = get_object_or_404(FollowUp, pk=key, proposal=proposal)
    user = request.user
    is_theirs = user.pk in {follow_up.assigned_to_id, follow_up.created_by_id} or user.has_perm(OTHERS)
    if not (is_theirs and user.has_perm(CHANGE_FOLLOW_UP)):
        raise PermissionDenied
    return proposal, follow_up


def _leave(
    request: StaffRequest, proposal: Proposal, follow_up: FollowUp | None, at: datetime, text: str
) -> HttpResponse:
    """Replace the row by what was done with it at `at` (htmx), or go back to the list and say so; both offer undo."""
    badges.forget(request)
    context: dict[str, Any] = {
        "text": text % proposal,
        "proposal": proposal,
        "follow_up": follow_up,
        "at": at,
        "query": request.POST.get("next", ""),
    }
    if request.headers.get("HX-Request") == "true":
        return render(request, "desk/_call_done.html", context)
    messages.success(request, render_to_string("desk/_call_undo.html", context, request))
    return redirect(_next(request))


def _next(request: StaffRequest) -> str:
    """Return the list's own address as the form gives it: a query string, nothing else."""
    given = request.POST.get("next", "")
    return reverse("home") + (given if given.startswith("?") and given.isprintable() else "")


def _read_moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


call_urls = [
    path("home/calls/<int:pk>/done/", finish, name="call_done"),
    path("home/calls/<int:pk>/snooze/", snooze, name="call_snooze"),
    path("home/calls/<int:pk>/undo/", undo, name="call_undo"),
]
