"""How the list and the page of a proposal show how hot it is."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from offorte_portal.adminkit import columns, heat_words
from offorte_portal.adminkit.records import Fact, fact, join_lines
from offorte_portal.adminkit.templatetags.icons import lucide
from offorte_portal.desk import thresholds
from proposals.models import Proposal, Standing

COLUMNS = tuple(f"standing__{name}" for name in ("heat", "visits_day", "visits_week", "visits_month", "viewers"))


def show(proposal: Proposal) -> SafeString:
    """The points with a flame; a dash where there are none."""
    standing: Standing | None = getattr(proposal, "standing", None)
    if standing is None or not standing.heat:
        return columns.nothing()
    words = heat_words.describe(standing)
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
    """The points and what each is for, as facts; none where there is no heat."""
    standing: Standing | None = getattr(proposal, "standing", None)
    if standing is None or not standing.heat:
        return []
    lines = [
        _("%(points)d for %(what)s") % {"points": points, "what": what}
        for what, points in heat_words.reckon(standing, thresholds.read())
    ]
    return [fact(_("Heat"), join_lines([_("%(points)d points") % {"points": standing.heat}, *lines]))]
