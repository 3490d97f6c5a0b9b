"""How many proposals there are, beside their entry in the navigation."""

from django.core.cache import caches
from django.http import HttpRequest

from offorte_portal.adminkit.accounts import selected
from offorte_portal.connections.models import Connection
from proposals.models import Proposal

SECONDS = 60


def count_proposals(request: HttpRequest) -> int:
    """Proposals that Offorte still has, of one account or of all, at most a minute old.

    Kept in this process: a badge must not cost a query a page.
    """
    account = selected(request)
    known: int | None = caches["local"].get(_key(account))
    if not known:  # none costs nothing to count, and is over as soon as the first sync has begun
        present = Proposal.objects.filter(removed_at__isnull=True)
        known = (present.filter(connection=account) if account else present).count()
        keep_proposals(account, known)
    return known


def keep_proposals(account: Connection | None, count: int) -> None:
    """Take a number of proposals that a page has counted anyway for the badge."""
    caches["local"].set(_key(account), count, SECONDS)


def _key(account: Connection | None) -> str:
    return f"badge:proposals:{account.pk if account else 'all'}"
