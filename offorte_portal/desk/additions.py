"""Additions to the list of proposals: heat, saved views, and filters by stats; saved views in the palette."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.additions import Additions, ListColumn, field_column, register
from offorte_portal.adminkit.palette.commands import Offer, add_to_palette
from offorte_portal.desk.pages import heat, proposal_filters, record_strip
from offorte_portal.desk.pages.saved_views import offer_views
from offorte_portal.desk.pages.view_tabs import default_query

add_to_palette(Offer(find=offer_views, position=80, is_searched=True))
register(
    "proposals.proposal",
    Additions(
        columns=(
            ListColumn(
                name="heat",
                title=_("Heat"),
                show=heat.show,
                after="open_for",
                reads=heat.COLUMNS,
                ordering="stats__heat",
            ),
            field_column("stats__sent_at", _("First sent"), name="sent"),
            field_column("stats__decided_at", _("Decided"), name="decided"),
        ),
        filters=proposal_filters.ALL,
        filters_after="seen",
        panel="saved_views",
        opens_with=default_query,
        facts=heat.explain,
        related=("stats",),
        summary=record_strip.summarise,
        annotations=record_strip.count_questions,
    ),
)
