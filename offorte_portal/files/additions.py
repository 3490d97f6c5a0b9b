"""Adds the Export menu to all lists that have a sheet."""

from offorte_portal.adminkit.additions import add_to_lists
from offorte_portal.files.pages.export_list import ExportableLists

add_to_lists(ExportableLists())
