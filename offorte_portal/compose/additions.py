"""Adds to the palette: new proposals, also from the record that a person is on; reads whether a send was asked for."""

from django.db.models import Exists, OuterRef

from offorte_portal.adminkit.additions import Additions, register
from offorte_portal.adminkit.palette.commands import Offer, add_to_palette
from offorte_portal.compose.models import Approval
from offorte_portal.compose.pages.palette import offer_proposals


def find_approvals() -> dict[str, Exists]:
    return {"has_approvals": Exists(Approval.objects.filter(proposal=OuterRef("pk")))}


register("proposals.proposal", Additions(annotations=find_approvals))
add_to_palette(Offer(find=offer_proposals, position=40))
