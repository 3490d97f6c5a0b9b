"""The heat of proposals in exported files."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from offorte_portal.desk.models import ProposalStats
from offorte_portal.files.exports.sheets import Column, ColumnKind, extend
from proposals.models import Proposal


def heat(proposal: Proposal) -> int | None:
    """Return the points; None for zero, as in the list."""
    stats: ProposalStats | None = getattr(proposal, "stats", None)
    return stats.heat or None if stats else None


def stats_moment(name: str, label: StrOrPromise, cell: str) -> Column:
    """Return a column for a moment of the stats."""

    def value(proposal: Proposal) -> datetime | None:
        moment: datetime | None = getattr(getattr(proposal, "stats", None), name, None)
        return moment

    return Column(name, label, value, ColumnKind.MOMENT, (f"stats__{name}",), cell)


extend(
    "proposals.proposal",
    Column("heat", _("Heat"), heat, ColumnKind.NUMBER, ("stats__heat",), "heat"),
    stats_moment("sent_at", _("First sent"), "sent"),
    stats_moment("decided_at", _("Decided"), "decided"),
    after="open_days",
)
