"""Why a send needs a manager, in words."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from offorte_portal.adminkit.money import format_money
from offorte_portal.compose.approval import Reason
from proposals.models import Proposal


def describe(reason: Reason, proposal: Proposal) -> str:
    """A rule that a proposal is above, with both figures."""
    display = proposal.price_total_display
    if reason.rule == "amount":
        limit = format_money(reason.limit, display)
        if reason.figure is None:
            return _("Its value is not known, and above %(limit)s a manager approves.") % {"limit": limit}
        words = {"value": format_money(reason.figure, display), "limit": limit}
        return _("Its value is %(value)s: above %(limit)s a manager approves.") % words
    limit = percent(reason.limit)
    if reason.figure is None:
        return _("Its discount is not known, and above %(limit)s a manager approves.") % {"limit": limit}
    words = {"discount": percent(reason.figure), "limit": limit}
    return _("Its discount is %(discount)s: above %(limit)s a manager approves.") % words


def percent(number: object) -> str:
    """A percentage in the reader's notation."""
    return f"{number_format(number.normalize(), use_l10n=True)}%"  # type: ignore[attr-defined]
