"""Adds why proposals were lost, what is next, follow-ups and team notes to records, and a follow-up to the palette.

The timeline of a proposal tells which reasons were corrected.
"""

from collections.abc import Iterator
from functools import partial
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from offorte_portal.adminkit.additions import Additions, ListColumn, register
from offorte_portal.adminkit.palette.commands import CommandGroup, Offer, PaletteCommand, add_to_palette
from offorte_portal.adminkit.palette.page import Page
from offorte_portal.adminkit.staffview import StaffRequest
from offorte_portal.adminkit.timeline import add_events
from offorte_portal.tracking import notes
from offorte_portal.tracking.losses import prefetch
from offorte_portal.tracking.pages import (
    followup_cards,
    loss_events,
    loss_parts,
    next_follow_up,
    note_cards,
    note_parts,
)
from offorte_portal.tracking.pages.followups import ADD
from proposals.models import Proposal


def offer_followup(request: StaffRequest, page: Page) -> Iterator[PaletteCommand]:
    """Yield the form of a follow-up of this proposal."""
    row = page.record
    if isinstance(row, Proposal) and row.removed_at is None and request.user.has_perm(ADD):
        yield PaletteCommand(
            title=_("Follow up"),
            icon="calendar-plus",
            group=CommandGroup.PAGE,
            url=f"{reverse('followup_add')}?{urlencode({'proposal': row.pk, 'next': page.url})}",
            keywords="reminder herinnering",
        )


register(
    "proposals.proposal",
    Additions(
        columns=(
            ListColumn(name="lost_reason", title=_("Lost reason"), show=loss_parts.show_reason, prefetch=prefetch),
            ListColumn(name="competitor", title=_("Competitor"), show=loss_parts.show_competitor, prefetch=prefetch),
            ListColumn(
                name="last_note",
                title=_("Last note"),
                show=note_parts.show_latest,
                prefetch=notes.prefetch_latest,
                permission=notes.VIEW,
            ),
        ),
        filters=(loss_parts.LostReasonFilter, loss_parts.CompetitorFilter, note_parts.NotesFilter),
        filters_after="seen",
        details=loss_parts.explain,
        summary=next_follow_up.summarise,
        annotations=next_follow_up.read_next,
    ),
)
register("proposals.proposal", Additions(record_panel=followup_cards.show_proposal))
register(
    "contacts.company", Additions(record_panel=followup_cards.show_company, annotations=followup_cards.mark_company)
)
for app, model in (("proposals", "proposal"), ("contacts", "company"), ("contacts", "person")):
    marks = partial(note_cards.mark_row, model)
    register(f"{app}.{model}", Additions(record_panel=note_cards.show_card, annotations=marks))
add_events(loss_events.read_events)
add_to_palette(Offer(find=offer_followup, position=20))
