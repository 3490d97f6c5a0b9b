"""Whose desk a page shows: a seller's own by default, the team's by a switch."""

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest

from offorte_portal.adminkit import accounts
from offorte_portal.desk.attention import Scope
from offorte_portal.staff.identity import identify

MINE, TEAM = "mine", "team"


def read_scope(request: HttpRequest, default: str = "") -> Scope:
    """The desk that the address asks for (`who`), of the chosen account; else the default, else what suits the person.

    Somebody who is nobody at Offorte sees the team's unless they ask for their own.
    """
    user = cast(User, request.user)
    wanted = request.GET.get("who") or default or default_scope(user)
    return Scope(user, wanted != TEAM, accounts.selected(request), tuple(one.pk for one in accounts.available(request)))


def default_scope(user: User) -> str:
    """Mine for who is a user at Offorte, and so may own proposals; the team's for all others."""
    return MINE if identify(user).is_linked else TEAM
