"""How many sends wait for a manager, beside the entry in the navigation; at most half a minute old."""

from typing import cast

from django.contrib.auth.models import User
from django.core.cache import caches
from django.http import HttpRequest

from offorte_portal.compose import approval

SECONDS = 30


def count_approvals(request: HttpRequest) -> int:
    """Requests that nobody has decided about, for who may."""
    if not request.user.has_perm(approval.PERMISSION):
        return 0
    known: int | None = caches["local"].get(_key(request))
    if known is None:
        known = approval.count_waiting(cast(User, request.user))
        caches["local"].set(_key(request), known, SECONDS)
    return known


def forget(request: HttpRequest) -> None:
    """Have them counted anew: the person has just decided about one."""
    caches["local"].delete(_key(request))


def _key(request: HttpRequest) -> str:
    return f"badge:approvals:{request.user.pk}"
