"""The cards with open follow-ups on the pages of a proposal and of a company."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contacts.models import Company
from offorte_portal import ports
from offorte_portal.adminkit.additions import RecordPanel
from offorte_portal.adminkit.records import record_url
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.staff.access import OTHERS
from offorte_portal.tracking import followups
from offorte_portal.tracking.models import NOTE_LENGTH, FollowUp
from offorte_portal.tracking.pages.changing import CHANGE, last_step
from proposals.models import Proposal

ADD, VIEW = "tracking.add_followup", "tracking.view_followup"
VIEW_PROPOSAL = "proposals.view_proposal"
# The most that a card shows; the list has all.
SHOWN = 20
ANCHOR = "follow-ups"


@dataclass(frozen=True)
class Shown:
    """A follow-up as a card shows it."""

    follow_up: FollowUp
    due: str
    is_overdue: bool
    may_change: bool = False


def show_proposal(request: HttpRequest, proposal: Proposal) -> RecordPanel | None:
    """Return the card to see, finish, put off and add follow-ups of a proposal.

    One query; none where `next_follow_up` has read that there are none.
    """
    user = staff_user(request)
    if not user.has_perm(VIEW) or proposal.removed_at is not None:
        return None
    is_empty = getattr(proposal, "follow_up", proposal) is None
    found = [] if is_empty else list(followups.of_proposals([proposal])[: SHOWN + 1])
    may_change, may_all = user.has_perm(CHANGE), user.has_perm(OTHERS)
    rows = [
        Shown(
            row,
            write_due(row),
            followups.is_overdue(row),
            may_change and (may_all or user.pk in {row.assigned_to_id, row.created_by_id}),
        )
        for row in found[:SHOWN]
    ]
    last = last_step(request)
    context = {
        "proposal": proposal,
        "rows": rows,
        "has_more": len(found) > SHOWN,
        "steps": followups.SNOOZES,
        "note_length": NOTE_LENGTH,
        "may_add": user.has_perms([ADD, VIEW_PROPOSAL]),
        "undo": last if last and may_change and last.get("proposal") == proposal.pk else None,
        "anchor": ANCHOR,
        "here": f"{record_url(user, proposal)}#{ANCHOR}",
    }
    return RecordPanel("tracking/_followup_card.html", context, place="side")


def mark_company() -> dict[str, Exists]:
    """Return what is read with a company, so that most cost `show_company` no query."""
    return {"has_follow_ups": Exists(followups.of_proposals(_proposals(OuterRef("pk"))))}


def _proposals(company: Company | OuterRef) -> QuerySet[Proposal]:
    return Proposal.objects.present().filter(company=company).order_by()


def show_company(request: HttpRequest, company: Company) -> RecordPanel | None:
    """Return the card with the open follow-ups of a company's proposals; None if there are none."""
    user = staff_user(request)
    if not user.has_perms([VIEW, VIEW_PROPOSAL]) or not getattr(company, "has_follow_ups", True):
        return None
    rows = followups.of_proposals(_proposals(company))
    rows = rows.select_related("assigned_to", "created_by", "proposal")
    found = list(rows.defer("proposal__payload", "proposal__search_text")[: SHOWN + 1])
    if not found:
        return None
    shown = [Shown(row, write_due(row), followups.is_overdue(row)) for row in found[:SHOWN]]
    return RecordPanel("tracking/_company_followups.html", {"rows": shown, "has_more": len(found) > SHOWN}, "side")


def write_due(follow_up: FollowUp) -> str:
    """Return the day and the time in words: "Tomorrow at 09:00"."""
    due = timezone.localtime(follow_up.due_at)
    days = (due.date() - timezone.localdate(ports.now())).days
    near = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}
    day = near.get(days) or date_format(due, "l j F" if abs(days) < 180 else "DATE_FORMAT")
    return _("%(day)s at %(time)s") % {"day": day, "time": date_format(due, "TIME_FORMAT")}
