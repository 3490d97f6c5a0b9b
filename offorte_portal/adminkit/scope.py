"""Whose desk a page shows: the person's own by default, the team's by a switch."""

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest

from offorte_portal.adminkit import accounts
from offorte_portal.services.desk.attention import Scope

MINE, TEAM = "mine", "team"


def read_scope(request: HttpRequest) -> Scope:
    """The desk that the address asks for (`who`), of the chosen account.

    Somebody without an e-mail address owns nothing at Offorte, and sees the team's.
    """
    user = cast(User, request.user)
    wanted = request.GET.get("who", MINE)
    is_mine = bool(user.email) and wanted != TEAM
    return Scope(user, is_mine, accounts.selected(request), tuple(one.pk for one in accounts.available(request)))
