"""The addresses of the list of proposals that figures lead to."""

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from offorte_portal.staff.scope import Scope

PROPOSALS = "admin:proposals_proposal_changelist"


def proposals_url(scope: Scope, **filters: str) -> str:
    """Return the address of the list of proposals with these filters; of one's own if the scope is."""
    mine = {"mine": "yes"} if scope.is_mine else {}
    try:
        address = reverse(PROPOSALS)
    except NoReverseMatch:
        return ""
    parameters = filters | mine
    return f"{address}?{urlencode(parameters)}" if parameters else address
