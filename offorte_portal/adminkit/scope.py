"""Which scope a page's address asks for; `adminkit/scope.html` is the switch."""

from offorte_portal.adminkit import accounts
from offorte_portal.adminkit.staffview import StaffRequest
from offorte_portal.staff.scope import TEAM, Scope, default_scope


def read_scope(request: StaffRequest, default: str = "") -> Scope:
    """The scope that the address asks for (`who`), of the chosen account; else the default, else what suits the person.

    Somebody who is nobody at Offorte sees the team's unless they ask for their own.
    """
    user = request.user
    wanted = request.GET.get("who") or default or default_scope(user)
    found = accounts.available(request)
    version = max((accounts.number_of(one, "sums") or 0 for one in found), default=0)
    return Scope(user, wanted != TEAM, accounts.selected(request), tuple(one.pk for one in found), version)
