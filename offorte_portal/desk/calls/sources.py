"""The sources of the call list: each is a kind of news that a proposal's customer should be called about.

A room adds its own with `register`. The rank decides which comes first; in one source its order does. A proposal that
several sources have is one row, with the strongest reason first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import OrderBy
from django_stubs_ext import StrOrPromise

from offorte_portal import ports
from offorte_portal.desk.models import CallState
from offorte_portal.staff.scope import Scope
from proposals.models import Proposal


@dataclass(frozen=True)
class News:
    """One row of a source: the proposal's key, when it happened, its weight in the order, and the row's own key."""

    kind: str
    proposal_id: int
    at: datetime | None
    weight: Decimal | None
    key: int


@dataclass(frozen=True, kw_only=True)
class CallSource:
    """One kind of news.

    `find` returns the rows of a scope, those that the person has dealt with included. `proposal` is the column with the
    key of the proposal, and `moment` the one with the time of the news. The most urgent rows are those with the highest
    `weight` ("" for none), then the oldest, or with `newest_first` the newest.
    `say` puts one row into words: "asked 26 minutes ago". The list's filter shows `label`.
    """

    kind: str
    rank: int
    label: StrOrPromise
    icon: str
    say: "Callable[[Proposal, News], str]"
    find: Callable[[Scope], QuerySet[Any]]
    proposal: str
    moment: str
    weight: str = ""
    newest_first: bool = False

    def order(self) -> list[OrderBy]:
        """Return the order of its rows, the most urgent first."""
        weights = [F(self.weight).desc(nulls_last=True)] if self.weight else []
        moment = F(self.moment).desc(nulls_last=True) if self.newest_first else F(self.moment).asc(nulls_last=True)
        return [*weights, moment, F("pk").asc()]

    def rows(self, scope: Scope) -> QuerySet[Any]:
        """Return the rows of a scope that the person has not dealt with."""
        states = CallState.objects.filter(user=scope.user)
        now = minute()
        if self.proposal == "pk":
            # The person's own states are few: the database reads them once, whatever the number of proposals.
            news = f"proposal__stats__{self.moment}"
            dealt_with = states.filter(Q(until__gt=now) | Q(until__isnull=True, handled_at__gte=F(news)))
            return self.find(scope).exclude(pk__in=dealt_with.values("proposal"))
        mine = states.filter(proposal=OuterRef(self.proposal))
        later = Q(until__isnull=True, handled_at__gte=OuterRef(self.moment))
        return self.find(scope).filter(~Exists(mine.filter(Q(until__gt=now) | later)))


def minute() -> datetime:
    """Return the current minute, so that a count and a list opened a moment later agree."""
    return ports.now().replace(second=0, microsecond=0)


SOURCES: dict[str, CallSource] = {}


def register(source: CallSource) -> None:
    SOURCES[source.kind] = source


def ranked() -> list[CallSource]:
    """Return all sources, the most urgent first."""
    return sorted(SOURCES.values(), key=lambda source: source.rank)
