"""Adds bulk actions to all lists of mirrored rows."""

from offorte_portal.adminkit.additions import add_to_lists
from offorte_portal.jobs.pages.bulk_actions import BulkActions

add_to_lists(BulkActions())
