"""The heat of a proposal in the list and on its page."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal.adminkit import columns
from offorte_portal.adminkit.records import Fact, fact, join_lines
from offorte_portal.adminkit.templatetags.icons import lucide
from offorte_portal.desk import thresholds
from offorte_portal.desk.models import ProposalStats
from proposals.models import Proposal

COLUMNS = tuple(f"stats__{name}" for name in ("heat", "visits_day", "visits_week", "visits_month", "viewers"))


def show(proposal: Proposal) -> SafeString:
    """Return the points with a flame; a dash if there are none."""
    stats: ProposalStats | None = getattr(proposal, "stats", None)
    if stats is None or not stats.heat:
        return columns.nothing()
    words = describe(stats)
    kind = "heat is-hot" if stats.heat >= thresholds.read().hot_from else "heat"
    return format_html(
        '<span class="{}" title="{}">{}{}<span class="visually-hidden"> {}: {}</span></span>',
        kind,
        words,
        lucide("flame", size=14, aria_hidden="true"),
        stats.heat,
        _("points"),
        words,
    )


def explain(proposal: Proposal) -> list[Fact]:
    """Return the points and what each is for, as facts; none if there is no heat."""
    stats: ProposalStats | None = getattr(proposal, "stats", None)
    if stats is None or not stats.heat:
        return []
    settings = thresholds.read()
    people = max(stats.viewers - 1, 0)
    day, week, month = stats.visits_day, stats.visits_week, stats.visits_month
    in_day = ngettext("%d visit in the last 24 hours", "%d visits in the last 24 hours", day)
    in_week = ngettext("%d visit in the last 7 days", "%d visits in the last 7 days", week)
    in_month = ngettext("%d visit in the last 30 days", "%d visits in the last 30 days", month)
    further = ngettext("%d additional person", "%d additional people", people)
    reckoned = [
        (day, settings.points_day, in_day),
        (week, settings.points_week, in_week),
        (month, settings.points_month, in_month),
        (people, settings.points_viewer, further),
    ]
    lines = [
        _("%(points)d for %(what)s") % {"points": count * points, "what": text % count}
        for count, points, text in reckoned
        if count
    ]
    total = ngettext("%(points)d point", "%(points)d points", stats.heat) % {"points": stats.heat}
    return [fact(_("Heat"), join_lines([total, *lines]))]


def describe(stats: ProposalStats) -> str:
    """Return the visits in words: "4 visits in 24 hours, 2 in the 6 days before, by 2 people"."""
    parts = []
    if stats.visits_day:
        text = ngettext("%(count)d visit in 24 hours", "%(count)d visits in 24 hours", stats.visits_day)
        parts.append(text % {"count": stats.visits_day})
    if stats.visits_week:
        text = ngettext("%(count)d in the 6 days before", "%(count)d in the 6 days before", stats.visits_week)
        parts.append(text % {"count": stats.visits_week})
    if stats.visits_month:
        text = ngettext("%(count)d earlier this month", "%(count)d earlier this month", stats.visits_month)
        parts.append(text % {"count": stats.visits_month})
    if stats.viewers > 1:
        parts.append(_("by %(count)d people") % {"count": stats.viewers})
    return ", ".join(parts)
