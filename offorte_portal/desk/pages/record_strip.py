"""What the strip on top of a proposal's page tells of the desk: a question that waits, and the heat in words."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal.activity.models import Activity
from offorte_portal.activity.reading import PERMISSION
from offorte_portal.adminkit.records import Fact, fact
from offorte_portal.desk import inbox, thresholds
from offorte_portal.desk.models import ProposalStats
from offorte_portal.desk.pages.heat import describe
from offorte_portal.staff.scope import TEAM
from proposals.models import Proposal


def count_questions() -> dict[str, Any]:
    """Return what is read with a proposal: how many of its questions nobody has read."""
    asked = inbox.unread(Activity.objects.filter(proposal=OuterRef("pk"), kind=Activity.Kind.COMMENTED))
    counted = asked.order_by().values("proposal").annotate(n=Count("pk")).values("n")
    return {"unread_questions": Coalesce(Subquery(counted), 0)}


def summarise(request: HttpRequest, proposal: Proposal) -> list[Fact]:
    return [*_questions(request, proposal), *_heat(proposal)]


def _questions(request: HttpRequest, proposal: Proposal) -> Iterator[Fact]:
    count: int = getattr(proposal, "unread_questions", 0)
    if count and request.user.has_perm(PERMISSION):
        text = ngettext("%(count)d waits for an answer", "%(count)d wait for an answer", count) % {"count": count}
        url = f"{reverse('inbox')}?who={TEAM}"
        yield fact(_("Questions"), format_html('<a href="{}"><span class="pill pill-warn">{}</span></a>', url, text))


def _heat(proposal: Proposal) -> Iterator[Fact]:
    stats: ProposalStats | None = getattr(proposal, "stats", None)
    if stats is None or proposal.status != Proposal.Status.OPEN:
        return
    if not stats.heat:
        yield fact(_("Interest"), _("No visits in the last 30 days"))
        return
    is_hot = stats.heat >= thresholds.read().hot_from
    pill = format_html('<span class="pill pill-bad">{}</span> ', _("Hot")) if is_hot else ""
    yield fact(_("Interest"), format_html("{}{}", pill, describe(stats)))
