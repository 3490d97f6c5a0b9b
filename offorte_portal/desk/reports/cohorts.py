"""Cohorts: of the proposals first sent in a month, how many were seen and signed within a number of days.

Computed from the sums by month of sending; cached for a minute in this process.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.cache import caches
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, Sum
from django.db.models.expressions import Combinable

from offorte_portal.desk.figures import rollups_of
from offorte_portal.desk.models import Rollup
from offorte_portal.desk.rollups import Histograms, read_histograms
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
    sent: Counter[date] = Counter()
    seen: dict[date, Counter[int]] = {}
    signed: dict[date, Counter[int]] = {}
    summed = {"n": Sum("count"), "seen_hours": Histograms("hours"), "signed_hours": Histograms("sign_hours")}
    for month, count, seen_hours, signed_hours in rows.order_by().values_list("month").annotate(**summed):
        if month:
            sent[month], seen[month] = count, read_histograms(seen_hours)
            signed[month] = read_histograms(signed_hours)
    cohorts = [
        Cohort(month, sent[month], _cut(seen.get(month, {}), SEEN_DAYS), _cut(signed.get(month, {}), SIGNED_DAYS))
        for month in period.months
    ]
    total = Cohort(None, sum(cohort.sent for cohort in cohorts))
    for cohort in cohorts:
        total.seen.update(cohort.seen)
        total.signed.update(cohort.signed)
    return [*cohorts, total]


def _cut(histogram: Mapping[int, int], steps: tuple[int, ...]) -> Counter[int]:
    """Return how many of a histogram by hours are within each number of days."""
    return Counter({days: sum(n for hours, n in histogram.items() if hours < days * 24) for days in steps})


def seen_within(days: int) -> Q:
    """Return the condition for the stats that a cohort counts as seen within this number of days."""
    return Q(first_viewed_at__gte=F("sent_at"), first_viewed_at__lt=_after_sending(days))


def signed_within(days: int) -> Q:
    """Return the condition for the stats that a cohort counts as signed within this number of days."""
    signed = Q(decided_at__gte=F("sent_at"), decided_at__lt=_after_sending(days))
    return Q(status=Proposal.Status.WON) & signed


def _after_sending(days: int) -> Combinable:
    return ExpressionWrapper(F("sent_at") + timedelta(days=days), output_field=DateTimeField())
