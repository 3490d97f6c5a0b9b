"""The Export menu of all lists that there is a sheet of."""

from offorte_portal.adminkit.additions import add_to_lists
from offorte_portal.files.pages.export_list import ExportableLists

add_to_lists(ExportableLists())
