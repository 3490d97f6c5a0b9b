"""Pairs of companies that people have said are different, though they look like duplicates."""

from collections.abc import Collection
from datetime import datetime
from itertools import combinations

from django.contrib.auth.models import User
from django.db.models import QuerySet

from contacts.models import Company
from offorte_portal import ports
from offorte_portal.tracking.models import DismissedPair

Pair = tuple[int, int]
# Of more companies at once nobody knows each pair.
MOST = 50


def dismiss(companies: Collection[int], by: User) -> datetime | None:
    """Keep that these present companies of one account all differ; return the moment, by which it is taken back.

    None if there are fewer than two, more than `MOST`, or if they belong to several accounts.
    """
    rows = Company.objects.present().filter(pk__in=list(companies)[: MOST + 1]).values_list("connection", "pk")
    found = sorted(rows)
    keys = [key for _account, key in found]
    if not 2 <= len(keys) <= MOST or len({account for account, _key in found}) > 1:
        return None
    account, now = found[0][0], ports.now()
    pairs = [
        DismissedPair(connection_id=account, first_id=first, second_id=second, by=by, at=now)
        for first, second in combinations(sorted(keys), 2)
    ]
    DismissedPair.objects.bulk_create(pairs, ignore_conflicts=True, batch_size=500)
    return now


def dismissed(connection_id: int) -> frozenset[Pair]:
    """Return the pairs of an account, each with the lower key first. One query."""
    return frozenset(DismissedPair.objects.filter(connection=connection_id).values_list("first", "second"))


def shown(accounts: Collection[int]) -> QuerySet[DismissedPair]:
    """Return the pairs of these accounts whose companies Offorte still has, the latest first."""
    rows = DismissedPair.objects.filter(
        connection__in=accounts, first__removed_at__isnull=True, second__removed_at__isnull=True
    )
    wide = ("first__payload", "first__search_text", "second__payload", "second__search_text")
    return rows.select_related("connection", "first", "second", "by").defer(*wide).order_by("-at", "-pk")
