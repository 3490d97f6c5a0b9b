"""The scope that a page's address asks for; `adminkit/scope.html` switches it."""

from django.http import HttpRequest

from offorte_portal.adminkit import accounts
from offorte_portal.adminkit.staffview import StaffRequest
from offorte_portal.staff.scope import TEAM, Scope, default_scope


def read_scope(request: StaffRequest, default: str = "") -> Scope:
    """Return the scope in the address (`who`), else `default`, else the person's default, for the chosen account.

    People who are not linked to an Offorte user see the team's proposals unless they ask for their own.
    """
    user = request.user
    requested = request.GET.get("who") or default or default_scope(user)
    found = tuple(connection.pk for connection in accounts.available(request))
    return Scope(user, requested != TEAM, accounts.selected(request), found, read_version(request))


def read_version(request: HttpRequest) -> int:
    """Return the number that changes whenever a stored sum does."""
    return max((accounts.number_of(each, "sums") or 0 for each in accounts.available(request)), default=0)
