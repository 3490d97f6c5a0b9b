"""Whose desk a page shows: a seller's own by default, the team's by a switch."""

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest

from offorte_portal.adminkit import accounts
from offorte_portal.services.desk.attention import Scope
from proposals.models import AccountUser

MINE, TEAM = "mine", "team"


def read_scope(request: HttpRequest, default: str = "") -> Scope:
    """The desk that the address asks for (`who`), of the chosen account; else the default, else what suits the person.

    Somebody without an e-mail address owns nothing at Offorte, and sees the team's.
    """
    user = cast(User, request.user)
    wanted = request.GET.get("who") or default or default_scope(user)
    is_mine = bool(user.email) and wanted != TEAM
    return Scope(user, is_mine, accounts.selected(request), tuple(one.pk for one in accounts.available(request)))


def default_scope(user: User) -> str:
    """Mine for who is a user at Offorte, and so may own proposals; the team's for all others."""
    is_seller = bool(user.email) and AccountUser.objects.filter(email__iexact=user.email).exists()
    return MINE if is_seller else TEAM
