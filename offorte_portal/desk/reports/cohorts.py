"""Cohorts: of the proposals first sent in a month, how many were seen and signed within a number of days.

Computed from the sums by month of sending; cached for a minute in this process.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.cache import caches
from django.db.models import DateTimeField, ExpressionWrapper, F, Q
from django.db.models.expressions import Combinable

from offorte_portal.desk.figures import rollups_of
from offorte_portal.desk.models import Rollup
from offorte_portal.staff.scope import Scope
from offorte_portal.text.months import Period
from proposals.models import Proposal

SECONDS = 60
SEEN_DAYS, SIGNED_DAYS = (1, 3, 7, 30), (7, 30, 90)


@dataclass
class Cohort:
    """The proposals first sent in a month, or in all months: by days, how many were seen and how many signed."""

    month: date | None
    sent: int = 0
    seen: Counter[int] = field(default_factory=Counter)
    signed: Counter[int] = field(default_factory=Counter)

    def is_over(self, days: int, period: Period, today: date) -> bool:
        """Return whether the last proposal of the cohort was sent more than this number of days ago."""
        last = Period(self.month, self.month).last_day if self.month else period.last_day
        return last + timedelta(days=days) < today


def read(scope: Scope, period: Period) -> list[Cohort]:
    """Return a cohort for each month, and one for all of them at the end. One query, none if cached."""
    account = scope.account.pk if scope.account else "all"
    key = f"desk:cohorts:{account}:{scope.mark}:{period}:{scope.version}".replace(" ", "")
    known: list[Cohort] | None = caches["local"].get(key)
    if known is None:
        known = _read(scope, period)
        caches["local"].set(key, known, SECONDS)
    return known


def _read(scope: Scope, period: Period) -> list[Cohort]:
    rows = rollups_of(scope).filter(basis=Rollup.Basis.SENT, month__gte=period.first, month__lte=period.last)
    total = Cohort(None)
    cohorts: dict[date | None, Cohort] = defaultdict(lambda: Cohort(None))
    cohorts |= {month: Cohort(month) for month in period.months}
    for month, count, seen, signed in rows.order_by().values_list("month", "count", "hours", "sign_hours"):
        for cohort in (cohorts[month], total):
            cohort.sent += count
            _add(cohort.seen, seen, SEEN_DAYS)
            _add(cohort.signed, signed, SIGNED_DAYS)
    return [*(cohorts[month] for month in period.months), total]


def _add(counted: Counter[int], histogram: dict[str, int], steps: tuple[int, ...]) -> None:
    for hours, count in histogram.items():
        for days in steps:
            if int(hours) < days * 24:
                counted[days] += count


def seen_within(days: int) -> Q:
    """Return the condition for the stats that a cohort counts as seen within this number of days."""
    return Q(first_viewed_at__gte=F("sent_at"), first_viewed_at__lt=_after_sending(days))


def signed_within(days: int) -> Q:
    """Return the condition for the stats that a cohort counts as signed within this number of days."""
    signed = Q(decided_at__gte=F("sent_at"), decided_at__lt=_after_sending(days))
    return Q(status=Proposal.Status.WON) & signed


def _after_sending(days: int) -> Combinable:
    return ExpressionWrapper(F("sent_at") + timedelta(days=days), output_field=DateTimeField())
