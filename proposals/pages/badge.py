"""The number of proposals beside their entry in the navigation."""

from django.core.cache import caches
from django.http import HttpRequest

from offorte_portal.adminkit.accounts import selected
from offorte_portal.connections.models import Connection
from proposals.models import Proposal

SECONDS = 60


def count_proposals(request: HttpRequest) -> int:
    """Return the number of present proposals of the chosen account or of all accounts, at most a minute old.

    It is cached in this process: a badge must not cost a query per page.
    """
    account = selected(request)
    known: int | None = caches["local"].get(_key(account))
    if not known:  # zero is quick to count, and changes as soon as the first sync begins
        present = Proposal.objects.filter(removed_at__isnull=True)
        known = (present.filter(connection=account) if account else present).count()
        keep_proposals(account, known)
    return known


def keep_proposals(account: Connection | None, count: int) -> None:
    """Store a number of proposals that a page has counted anyway, for the badge."""
    caches["local"].set(_key(account), count, SECONDS)


def _key(account: Connection | None) -> str:
    return f"badge:proposals:{account.pk if account else 'all'}"
