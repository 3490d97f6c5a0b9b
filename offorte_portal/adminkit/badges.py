"""Numbers beside entries of the navigation, cached for half a minute: no query on most pages.

Rooms announce in their `navigation` what they count; everything is counted with one query.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.core.cache import caches
from django.db.models import Count, QuerySet, Value
from django.http import HttpRequest

from offorte_portal.adminkit import accounts, navigation
from offorte_portal.adminkit.staffview import staff_user
from offorte_portal.connections.models import Connection

SECONDS = 30

# Finds the rows that need the person's attention, of one account or of all.
Find = Callable[[User, Connection | None], QuerySet[Any]]
_announced: dict[str, Find] = {}


def announce(name: str, find: Find) -> navigation.Count:
    """Register rows to count, and return the badge that shows their number."""
    _announced[name] = find
    return lambda request: _counts(request).get(name, 0)


def forget(request: HttpRequest) -> None:
    """Drop the cached numbers of the person, who has just changed them."""
    caches["local"].delete(_key(request))


def _key(request: HttpRequest) -> str:
    account = accounts.selected(request)
    return f"badge:own:{request.user.pk}:{account.pk if account else 'all'}"


def _counts(request: HttpRequest) -> dict[str, int]:
    known: dict[str, int] | None = caches["local"].get(_key(request))
    if known is None:
        user, account = staff_user(request), accounts.selected(request)
        counts: list[QuerySet[Any, Any]] = [
            find(user, account).order_by().annotate(badge=Value(name)).values_list("badge").annotate(n=Count("pk"))
            for name, find in _announced.items()
        ]
        first, *others = counts
        known = dict(first.union(*others, all=True) if others else first)
        caches["local"].set(_key(request), known, SECONDS)
    return known
