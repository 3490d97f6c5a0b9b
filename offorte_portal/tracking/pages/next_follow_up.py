"""The next follow-up of a proposal, for the strip on top of its page."""

from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from offorte_portal import ports
from offorte_portal.adminkit.records import Fact, fact
from offorte_portal.tracking.models import FollowUp
from proposals.models import Proposal

VIEW, CHANGE = "tracking.view_followup", "tracking.change_followup"
READ = {
    "follow_up": "pk",
    "follow_up_due": "due_at",
    "follow_up_note": "note",
    "follow_up_for": "assigned_to",
    "follow_up_by": "created_by",
    "follow_up_name": "assigned_to__first_name",
}


def read_next() -> dict[str, Subquery]:
    """Return what is read with a proposal of the open follow-up that is due first."""
    first = FollowUp.objects.filter(proposal=OuterRef("pk"), done_at__isnull=True).order_by("due_at", "pk")
    return {name: Subquery(first.values(column)[:1]) for name, column in READ.items()}


def summarise(request: HttpRequest, proposal: Proposal) -> list[Fact]:
    """Return when it is due, for whom if that is somebody else, and what to do; nothing if it was not read."""
    if not hasattr(proposal, "follow_up") or not request.user.has_perm(VIEW):
        return []
    due: datetime | None = getattr(proposal, "follow_up_due", None)
    if due is None:
        return [fact(_("Next follow-up"), _("None planned"))]
    user, name, note = request.user, getattr(proposal, "follow_up_name", ""), getattr(proposal, "follow_up_note", "")
    day = date_format(timezone.localtime(due), "SHORT_DATE_FORMAT")
    kind = "pill pill-bad" if due < ports.now() else "pill pill-info"
    is_theirs = user.pk in {getattr(proposal, "follow_up_for", None), getattr(proposal, "follow_up_by", None)}
    may_change = user.has_perm(CHANGE) and (is_theirs or user.has_perm("proposals.change_others_proposals"))
    query = urlencode({"next": request.get_full_path()})
    url = f"{reverse('followup_edit', args=[getattr(proposal, 'follow_up', 0)])}?{query}"
    shown = format_html('<a href="{}"><span class="{}">{}</span></a>', url, kind, day) if may_change else day
    whose = name if getattr(proposal, "follow_up_for", None) != user.pk else ""
    told = " · ".join(part for part in (whose, note) if part)
    return [fact(_("Next follow-up"), format_html('{} <span class="second small" dir="auto">{}</span>', shown, told))]
