"""The heat of proposals in exported files."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.desk.models import ProposalStats
from offorte_portal.files.exports.sheets import Column, ColumnKind, extend
from proposals.models import Proposal


def heat(proposal: Proposal) -> int | None:
    """Return the points; None for zero, as in the list."""
    stats: ProposalStats | None = getattr(proposal, "stats", None)
    return stats.heat or None if stats else None


extend(
    "proposals.proposal",
    Column("heat", _("Heat"), heat, ColumnKind.NUMBER, ("stats__heat",), "heat"),
    after="open_days",
)
