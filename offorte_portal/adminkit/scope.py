"""The scope that a page's address asks for; `adminkit/scope.html` switches it."""

from offorte_portal.adminkit import accounts
from offorte_portal.adminkit.staffview import StaffRequest
from offorte_portal.staff.scope import TEAM, Scope, default_scope


def read_scope(request: StaffRequest, default: str = "") -> Scope:
    """Return the scope in the address (`who`), else `default`, else the person's default, for the chosen account.

    People who are not linked to an Offorte user see the team's proposals unless they ask for their own.
    """
    user = request.user
    requested = request.GET.get("who") or default or default_scope(user)
    found = accounts.available(request)
    version = max((accounts.number_of(connection, "sums") or 0 for connection in found), default=0)
    return Scope(
        user, requested != TEAM, accounts.selected(request), tuple(connection.pk for connection in found), version
    )
