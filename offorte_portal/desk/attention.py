"""What needs attention: proposals, questions, follow-ups, writes and jobs, counted in one query.

A count and the list that it links to use the same condition: the list's filter calls `narrow`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.cache import caches
from django.db.models import Count, DateTimeField, DecimalField, Exists, Min, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast

from offorte_portal import ports
from offorte_portal.desk import inbox, thresholds
from offorte_portal.desk.heat import DAY
from offorte_portal.desk.models import DeskSettings, ProposalStats
from offorte_portal.jobs.counts import with_failures
from offorte_portal.jobs.models import Job
from offorte_portal.staff.identity import identify
from offorte_portal.staff.scope import Scope
from offorte_portal.tracking.followups import due
from offorte_portal.writes.models import Operation
from proposals.models import Proposal

# How many of the newest jobs are checked for failures.
RECENT_JOBS = 50
HOT_SECONDS = 2
# Up to this many stats are collected first; beyond that, a list checks each row.
FEW = 40_000
KINDS = ("seen", "hot", "unseen", "silent")
AMOUNT = DecimalField(max_digits=19, decimal_places=4)
HOT_COLUMNS = (
    "heat", "viewed_at", "visits_day", "visits_week", "visits_month", "viewers", "proposal__name",
    "proposal__remote_id", "proposal__company_name", "proposal__price_total", "proposal__price_total_display",
    "proposal__company__name", "proposal__company__remote_id",
)  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """A count, the total value if it is known, and the moment of the oldest."""

    count: int = 0
    value: Decimal | None = None
    oldest: datetime | None = None


def condition(kind: str, settings: DeskSettings, now: datetime) -> Q:
    """Return the condition for the stats that a kind of attention counts."""
    match kind:
        case "hot":
            return Q(heat__gte=settings.hot_from)
        case "unseen":
            return Q(stage=ProposalStats.Stage.UNSEEN, since__lt=now - timedelta(days=settings.unseen_days))
        case "silent":
            return Q(stage=ProposalStats.Stage.SILENT, since__lt=now - timedelta(days=settings.silent_days))
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


def count(scope: Scope, *, with_proposals: bool = True, with_writes: bool = True) -> dict[str, Counted]:
    """Return the counts by kind, leaving out those that are zero. One query."""
    parts = list(_parts(scope, with_proposals=with_proposals, with_writes=with_writes))
    if not parts:
        return {}
    first, *others = parts
    rows = first.union(*others, all=True) if others else first
    return {kind: Counted(number, value, oldest) for kind, number, value, oldest in rows if number}


def _parts(scope: Scope, *, with_proposals: bool, with_writes: bool) -> Iterator[QuerySet[Any, Any]]:
    if with_proposals:
        settings, now = thresholds.read(), _minute()
        rows = stats_of(scope)
        for kind in KINDS:
            moment = "viewed_at" if kind == "seen" else "since"
            yield _sum(rows.filter(condition(kind, settings, now)), kind, moment, "value")
        questions = inbox.questions(scope.user, is_mine=scope.is_mine, account=scope.account)
        yield _sum(inbox.unread(questions), "comments", "happened_at")
        yield _sum(due(scope.user, is_mine=scope.is_mine, account=scope.account), "followups", "due_at")
    if with_writes:
        waiting = Operation.objects.filter(state__in=Operation.PENDING)
        waiting = waiting.filter(connection__in=[scope.account.pk] if scope.account else scope.accounts)
        # The jobs of the last week with failures, among the newest.
        recent = Job.objects.order_by("-pk").values("pk")[:RECENT_JOBS]
        failed = with_failures(Job.objects.filter(pk__in=recent, created_at__gte=_minute() - 7 * DAY))
        if scope.is_mine:
            waiting, failed = waiting.filter(requested_by=scope.user), failed.filter(requested_by=scope.user)
        yield _sum(waiting, "writes", "created_at")
        yield _sum(failed, "jobs", "created_at")


def _sum(rows: QuerySet[Any], kind: str, moment: str, value: str = "") -> QuerySet[Any, Any]:
    worth: Any = Sum(value) if value else Cast(Value(None), AMOUNT)
    named = rows.order_by().annotate(attention=Value(kind)).values_list("attention")
    summed: QuerySet[Any, Any] = named.annotate(
        number=Count("pk"), worth=worth, oldest=Cast(Min(moment), DateTimeField())
    )
    return summed


def hottest(scope: Scope, number: int) -> list[ProposalStats]:
    """Return the hottest open proposals with the columns that a page shows; at most two seconds old."""
    account = scope.account.pk if scope.account else "all"
    key = f"desk:hottest:{account}:{scope.mark}:{number}"
    known: list[ProposalStats] | None = caches["local"].get(key)
    if known is None:
        rows = stats_of(scope).filter(heat__gt=0).select_related("proposal__company")
        known = list(rows.order_by("-heat", "-pk").only(*HOT_COLUMNS)[:number])
        caches["local"].set(key, known, HOT_SECONDS)
    return known
