"""What the desk adds to the list of proposals as a table."""

from django.utils.translation import gettext_lazy as _

from offorte_portal.desk.models import Standing
from offorte_portal.files.exports.sheets import Column, ColumnKind, extend
from proposals.models import Proposal


def heat(proposal: Proposal) -> int | None:
    """The points; nothing where there are none, as in the list."""
    standing: Standing | None = getattr(proposal, "standing", None)
    return standing.heat or None if standing else None


extend(
    "proposals.proposal",
    Column("heat", _("Heat"), heat, ColumnKind.NUMBER, ("standing__heat",), "heat"),
    after="open_days",
)
