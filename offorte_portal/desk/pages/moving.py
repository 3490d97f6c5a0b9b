"""Giving a proposal another status for a person, who is told where it went otherwise."""

from uuid import UUID

from django.contrib import messages
from django.utils.translation import gettext as _

from offorte_portal.adminkit import saving
from offorte_portal.adminkit.decisions import tell_decision
from offorte_portal.adminkit.staffview import StaffRequest
from offorte_portal.api.errors import Rejected
from offorte_portal.desk import board
from offorte_portal.runs.reasons import put_into_words
from offorte_portal.writes.models import Operation
from proposals.models import Proposal


def change_status(request: StaffRequest, proposal: Proposal, status: str, *, seen: str, key: UUID) -> Operation | None:
    """Give the proposal the status, unless somebody gave it another one than the page showed (`seen`, or "").

    Return the write, or None where nothing is written: then the person was told why, and who decided.
    """
    is_sent = saving.is_sent(key, {"status": status})
    if not is_sent and (proposal.status == status or seen not in {"", proposal.status}):
        _tell_decided(request, proposal, proposal.status)
        return None
    try:
        operation = board.move(proposal, status, by=request.user, key=key)
    except Rejected as error:
        messages.error(request, put_into_words(error.reason))
        return None
    held = operation.conflicts.get("status")
    if operation.state == Operation.State.SKIPPED and held:
        _tell_decided(request, proposal, str(held))
        return None
    return operation


def _tell_decided(request: StaffRequest, proposal: Proposal, status: str) -> None:
    words = {"name": proposal, "decision": tell_decision(proposal, status, request.user)}
    messages.warning(request, _("“%(name)s” wasn’t moved. %(decision)s") % words)
