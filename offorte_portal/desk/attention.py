"""Which open proposals need attention, by their stats: the conditions of the call list and of the list's filter."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from offorte_portal import ports
from offorte_portal.desk import thresholds
from offorte_portal.desk.models import DeskSettings, ProposalStats
from offorte_portal.staff.identity import identify
from offorte_portal.staff.scope import Scope
from proposals.models import Proposal

# Up to this many stats are collected first; beyond that, a list checks each row.
FEW = 40_000


def condition(kind: str, settings: DeskSettings, now: datetime) -> Q:
    """Return the condition for the stats that a kind of attention counts."""
    stale = now - timedelta(days=settings.stale_days)
    match kind:
        case "hot":
            return Q(heat__gte=settings.hot_from)
        case "unseen":
            since = now - timedelta(days=settings.unseen_days)
            return Q(stage=ProposalStats.Stage.UNSEEN, since__lt=since, since__gte=stale)
        case "silent":
            since = now - timedelta(days=settings.silent_days)
            return Q(stage=ProposalStats.Stage.SILENT, since__lt=since, since__gte=stale)
        case "stale":
            return Q(stage__in=ProposalStats.Stage.values, since__lt=stale)
    return Q(stage=ProposalStats.Stage.SILENT, viewed_at__gte=now - timedelta(days=settings.seen_days))


def narrow(proposals: QuerySet[Proposal], kind: str, user: Any = None) -> QuerySet[Proposal]:
    """Return those of the proposals that a kind of attention counts; with `user`, only that person's own."""
    rows = ProposalStats.objects.filter(condition(kind, thresholds.read(), _minute()))
    return among(proposals, rows if user is None else rows.filter(identify(user).condition))


def among(proposals: QuerySet[Proposal], stats_rows: QuerySet[ProposalStats]) -> QuerySet[Proposal]:
    """Return those of the proposals that have one of these stats, the faster way. One query to choose it."""
    rows = stats_rows.order_by()
    if rows.values("pk")[: FEW + 1].count() <= FEW:
        return proposals.filter(pk__in=rows.values("pk"))
    # With many matches, a list fills its page after checking a few rows.
    return proposals.filter(Exists(rows.filter(pk=OuterRef("pk"))))


def _minute() -> datetime:
    """Return the current minute, so that a count and the list opened a moment later agree."""
    return ports.now().replace(second=0, microsecond=0)


def stats_of(scope: Scope) -> QuerySet[ProposalStats]:
    return scope.narrow(ProposalStats.objects.all())
