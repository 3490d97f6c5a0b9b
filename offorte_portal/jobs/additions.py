"""Bulk actions on all lists of what is Offorte's."""

from offorte_portal.adminkit.additions import add_to_lists
from offorte_portal.jobs.pages.bulk_actions import BulkActions

add_to_lists(BulkActions())
