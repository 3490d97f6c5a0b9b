"""Adds to the palette: new proposals, also from the record that a person is on."""

from offorte_portal.adminkit.palette.commands import Offer, add_to_palette
from offorte_portal.compose.pages.palette import offer_proposals

add_to_palette(Offer(find=offer_proposals, position=40))
