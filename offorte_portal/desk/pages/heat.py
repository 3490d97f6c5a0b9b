"""The heat of a proposal in the list and on its page."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offorte_portal.adminkit import columns
from offorte_portal.adminkit.records import Fact, fact, join_lines
from offorte_portal.adminkit.templatetags.icons import lucide
from offorte_portal.desk import thresholds
from offorte_portal.desk.models import DeskSettings, Standing
from proposals.models import Proposal

COLUMNS = tuple(f"standing__{name}" for name in ("heat", "visits_day", "visits_week", "visits_month", "viewers"))


def show(proposal: Proposal) -> SafeString:
    """Return the points with a flame; a dash if there are none."""
    standing: Standing | None = getattr(proposal, "standing", None)
    if standing is None or not standing.heat:
        return columns.nothing()
    words = describe(standing)
    kind = "heat is-hot" if standing.heat >= thresholds.read().hot_from else "heat"
    return format_html(
        '<span class="{}" title="{}">{}{}<span class="visually-hidden"> {}: {}</span></span>',
        kind,
        words,
        lucide("flame", size=14, aria_hidden="true"),
        standing.heat,
        _("points"),
        words,
    )


def explain(proposal: Proposal) -> list[Fact]:
    """Return the points and what each is for, as facts; none if there is no heat."""
    standing: Standing | None = getattr(proposal, "standing", None)
    if standing is None or not standing.heat:
        return []
    lines = [
        _("%(points)d for %(what)s") % {"points": points, "what": what}
        for what, points in reckon(standing, thresholds.read())
    ]
    return [fact(_("Heat"), join_lines([_("%(points)d points") % {"points": standing.heat}, *lines]))]


def describe(standing: Standing) -> str:
    """Return the visits in words: "4 visits in 24 hours, 2 in the 6 days before, by 2 people"."""
    parts = []
    if standing.visits_day:
        text = ngettext("%(count)d visit in 24 hours", "%(count)d visits in 24 hours", standing.visits_day)
        parts.append(text % {"count": standing.visits_day})
    if standing.visits_week:
        text = ngettext("%(count)d in the 6 days before", "%(count)d in the 6 days before", standing.visits_week)
        parts.append(text % {"count": standing.visits_week})
    if standing.visits_month:
        text = ngettext("%(count)d earlier this month", "%(count)d earlier this month", standing.visits_month)
        parts.append(text % {"count": standing.visits_month})
    if standing.viewers > 1:
        parts.append(_("by %(count)d people") % {"count": standing.viewers})
    return ", ".join(parts)


def reckon(standing: Standing, settings: DeskSettings) -> list[tuple[str, int]]:
    """Return what the points are for, and how many: (words, points) without those that are zero."""
    lines = [
        (_("visits in the last 24 hours"), standing.visits_day, settings.points_day),
        (_("visits in the last 7 days"), standing.visits_week, settings.points_week),
        (_("visits in the last 30 days"), standing.visits_month, settings.points_month),
        (_("further people"), max(standing.viewers - 1, 0), settings.points_viewer),
    ]
    return [(f"{count} {name}", count * points) for name, count, points in lines if count]
