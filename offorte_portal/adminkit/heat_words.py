"""How hot a proposal is, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proposals.models import DeskSettings, Standing


def describe(standing: Standing) -> str:
    """Who looked how often: "4 visits in 24 hours, 2 more this week, by 2 people"."""
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
    """The points and what each is for, as a record's page shows them."""
    lines = [
        (_("visits in the last 24 hours"), standing.visits_day, settings.points_day),
        (_("visits in the last 7 days"), standing.visits_week, settings.points_week),
        (_("visits in the last 30 days"), standing.visits_month, settings.points_month),
        (_("further people"), max(standing.viewers - 1, 0), settings.points_viewer),
    ]
    return [(f"{count} {name}", count * points) for name, count, points in lines if count]
