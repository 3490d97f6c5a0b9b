"""Adds the imported quote that a proposal was copied from to the proposal's page."""

from offorte_portal.adminkit.additions import Additions, register
from offorte_portal.other_systems.pages.quote_page import describe_copied

register("proposals.proposal", Additions(details=describe_copied))
