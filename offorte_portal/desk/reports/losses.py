"""Why proposals are lost, by reason, competitor, month, seller, team or template, for those decided in a period.

What was lost comes from the sums by month, so that losses without a reason are counted too; reasons come from the
losses that people explained, added up as well. Cached for a minute in this process.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple

from django.core.cache import caches
from django.db.models import Count, F, Max, QuerySet, Sum, Value

from offorte_portal.changes.models import Cursor
from offorte_portal.desk.figures import rollups_of
from offorte_portal.desk.loss_rollups import FOLLOWER, of_months
from offorte_portal.desk.models import LossRollup, PendingLoss, Rollup
from offorte_portal.desk.reports import teams
from offorte_portal.desk.reports.results import Name, choose_name
from offorte_portal.staff.scope import Scope
from offorte_portal.text.months import Period
from offorte_portal.text.worth import Worth
from offorte_portal.tracking import losses
from offorte_portal.tracking.models import Loss, LostReason
from proposals.currencies import read_currencies
from proposals.models import Proposal

SECONDS = 60
# So many pending losses are looked at with one query.
AT_ONCE = 1_000
# Keys of lines beside those of reasons and competitors: another reason, in words; no reason, or no competitor.
OTHER, NONE = "other", "none"
# Columns of stats that a dimension is made of; reasons and competitors are columns of the losses.
COLUMNS = {"month": "decided_month", "seller": "owner_key", "team": "owner_key", "template": "template"}
DIMENSIONS = ("reason", "competitor", *COLUMNS)


class Group(NamedTuple):
    """Losses of one account with the same reason: `key` is what the line is about."""

    account: int
    key: Any
    reason: Any
    name: str
    number: int
    value: Decimal | None


@dataclass
class LostLine:
    """What was lost for one reason, to one competitor, in one month, by one seller, team or template, or altogether.

    `explained` have a reason; `reasons` counts them. `before` is the line of the period that is compared with.
    """

    key: Any = None
    name: str = ""
    count: int = 0
    value: Worth = field(default_factory=Worth)
    explained: int = 0
    reasons: Counter[Any] = field(default_factory=Counter)
    before: "LostLine | None" = None

    def add(self, count: int, currency: str, value: Decimal | None) -> None:
        """Count so many losses with this value."""
        self.count += count
        self.value.add(currency, value)


@dataclass
class LostReport:
    """The lines of a period and their total."""

    period: Period
    total: LostLine
    lines: list[LostLine]


def read(scope: Scope, *, by: str, period: Period, versus: Period | None = None) -> LostReport:
    """Return what was lost in a period, compared with `versus`. At most nine queries; none if cached."""
    account = scope.account.pk if scope.account else "all"
    members = teams.read_members() if by == "team" else {}
    digest = hash(tuple(sorted(members.items())))
    key = f"desk:lost:{account}:{scope.mark}:{by}:{period}:{versus}:{digest}:{scope.version}".replace(" ", "")
    known: LostReport | None = caches["local"].get(key)
    if known is None:
        # Reasons and competitors are named as they are, like months.
        name = choose_name(by if by in COLUMNS else "month", members)
        known = _read(scope, by, period, name)
        if versus:
            _compare(known, _read(scope, by, versus, name), by)
        caches["local"].set(key, known, SECONDS)
    return known


def is_added_up(accounts: Collection[int]) -> bool:
    """Return whether every month of these accounts has its sums, which they get when the portal is upgraded."""
    done = Cursor.objects.filter(connection__in=accounts, follower=FOLLOWER, rebuilt_to__isnull=True)
    return done.count() == len(accounts)


def _read(scope: Scope, by: str, period: Period, name: Name) -> LostReport:
    total, lines = LostLine(), defaultdict[Any, LostLine](LostLine)
    groups = _read_groups(scope, by, period)
    sums = _read_sums(scope, by, period)
    currencies = read_currencies({group.account for group in groups} | {account for account, *_rest in sums})
    for account, key, count, value in sums:
        total.add(count, currencies[account], value)
        if by in COLUMNS:
            lines[name(account, key)].add(count, currencies[account], value)
    for group in groups:
        total.explained += group.number
        total.reasons[group.reason] += group.number
        line = lines[name(group.account, group.key)]
        line.explained += group.number
        line.reasons[group.reason] += group.number
        line.name = group.name or line.name
        if by not in COLUMNS:
            line.add(group.number, currencies[group.account], group.value)
    if by not in COLUMNS:
        _add_rest(lines, total)
    elif by == "month":
        lines |= {month: LostLine() for month in period.months if month not in lines}
    for key, line in lines.items():
        line.key = key
    return LostReport(period, total, _order(lines.values(), by))


def _read_groups(scope: Scope, by: str, period: Period) -> list[Group]:
    """Return the explained losses of a period. Three queries."""
    merged = dict(LostReason.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into"))
    groups = []
    for account, key, reason, number, value, name in chain(
        _read_summed(scope, by, period), _read_pending(scope, by, period)
    ):
        # The sums may still name a reason that was merged into another.
        standing = merged.get(reason, reason) or OTHER
        groups.append(Group(account, standing if by == "reason" else key, standing, name, number, value))
    return groups


def _read_summed(scope: Scope, by: str, period: Period) -> "QuerySet[LossRollup, Any]":
    rows = scope.narrow(LossRollup.objects.all()).filter(month__gte=period.first, month__lte=period.last).order_by()
    counted = {"n": Sum("count"), "v": Sum("value")}
    if by == "competitor":
        named = rows.exclude(competitor_key="").values_list("connection", "competitor_key", "reason")
        return named.annotate(**counted, named=Max("competitor"))
    column = {"reason": "reason", "month": "month", "template": "template"}.get(by, "owner_key")
    return rows.values_list("connection", column, "reason").annotate(**counted, named=Value(""))


def _read_pending(scope: Scope, by: str, period: Period) -> Iterator[tuple[Any, ...]]:
    """Yield the losses that no sum has yet: those whose change was not done when their month was added up."""
    pending = scope.narrow(PendingLoss.objects.annotate(owner_key=F("loss__proposal__stats__owner_key")))
    # A list, because a database would rather begin with all lost proposals.
    keys = list(pending.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        found = losses.counting().filter(of_months(period.first, period.last), pk__in=keys[start : start + AT_ONCE])
        yield from _group(found.order_by(), by)


def _group(found: QuerySet[Loss], by: str) -> "QuerySet[Loss, Any]":
    counted = {"n": Count("*"), "v": Sum("proposal__stats__value")}
    if by == "competitor":
        named = found.exclude(competitor_key="").values_list("connection", "competitor_key", "reason")
        return named.annotate(**counted, named=Max("competitor"))
    column = "reason" if by == "reason" else f"proposal__stats__{COLUMNS[by]}"
    return found.values_list("connection", column, "reason").annotate(**counted, named=Value(""))


def _read_sums(scope: Scope, by: str, period: Period) -> list[tuple[int, Any, int, Decimal | None]]:
    """Return account, key, count and value of what was lost. One query."""
    rows = rollups_of(scope).filter(
        basis=Rollup.Basis.DECIDED, status=Proposal.Status.LOST, month__gte=period.first, month__lte=period.last
    )
    column = {"seller": "owner_key", "team": "owner_key", "template": "template"}.get(by, "month")
    summed = rows.order_by().values_list("connection", column).annotate(n=Sum("count"), v=Sum("value"))
    return list(summed)


def _add_rest(lines: dict[Any, LostLine], total: LostLine) -> None:
    """Add the line of what was lost without a reason, or to no competitor that was named."""
    rest = LostLine(NONE, count=total.count - sum(line.count for line in lines.values()))
    for currency, amount in total.value.amounts.items():
        known = sum((line.value.amounts.get(currency, Decimal()) for line in lines.values()), Decimal())
        rest.value.add(currency, amount - known)
    if rest.count > 0:
        lines[NONE] = rest


def _order(lines: Iterable[LostLine], by: str) -> list[LostLine]:
    if by == "month":
        return sorted(lines, key=lambda line: line.key)
    return sorted(lines, key=lambda line: (line.key == NONE, -line.count, -line.value.rank, str(line.key)))


def _compare(report: LostReport, earlier: LostReport, by: str) -> None:
    """Give each line the figures of before: a month those of the month at the same place in the earlier period."""
    report.total.before = earlier.total
    found = {line.key: line for line in earlier.lines}
    places = dict(zip(report.period.months, earlier.period.months, strict=True)) if by == "month" else {}
    for line in report.lines:
        line.before = found.get(places.get(line.key, line.key)) or LostLine(line.key)
