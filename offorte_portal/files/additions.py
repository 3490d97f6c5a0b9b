"""Adds the Export menu to all lists that have a sheet; imports and exports to the palette."""

from offorte_portal.adminkit.additions import add_to_lists
from offorte_portal.adminkit.palette.commands import Offer, add_to_palette
from offorte_portal.files.pages.export_list import ExportableLists
from offorte_portal.files.pages.palette import offer_exports, offer_imports

add_to_lists(ExportableLists())
add_to_palette(Offer(find=offer_exports, position=60), Offer(find=offer_imports, position=70))
