"""Adds bulk actions to all lists of mirrored rows, and for the record that a person is on to the palette."""

from offorte_portal.adminkit.additions import add_to_lists
from offorte_portal.adminkit.palette.commands import Offer, add_to_palette
from offorte_portal.jobs.pages.bulk_actions import BulkActions
from offorte_portal.jobs.pages.palette import offer_actions

add_to_lists(BulkActions())
add_to_palette(Offer(find=offer_actions, position=30))
