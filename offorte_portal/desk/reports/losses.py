"""Why proposals are lost, by reason, competitor, month, seller, team or template, for those decided in a period.

What was lost comes from the sums by month, so that losses without a reason are counted too; reasons come from the
losses that people explained. Cached for a minute in this process.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.cache import caches
from django.db.models import Count, Max, Sum

from offorte_portal.desk.figures import rollups_of
from offorte_portal.desk.models import ProposalStats, Rollup
from offorte_portal.desk.reports import teams
from offorte_portal.desk.reports.results import Name, choose_name
from offorte_portal.staff.identity import identify
from offorte_portal.staff.scope import Scope
from offorte_portal.text.months import Period
from offorte_portal.text.worth import Worth
from offorte_portal.tracking import losses
from proposals.currencies import read_currencies
from proposals.models import Proposal

SECONDS = 60
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
    """Return what was lost in a period, compared with `versus`. At most five queries; none if cached."""
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
    """Return the explained losses of a period. One query."""
    lost = {"status": Proposal.Status.LOST, "decided_month__gte": period.first, "decided_month__lte": period.last}
    found = losses.counting().filter(**{f"proposal__stats__{name}": value for name, value in lost.items()})
    if scope.account:
        found = found.filter(connection=scope.account)
    if scope.is_mine:
        own = ProposalStats.objects.filter(identify(scope.user).condition, **lost)
        found = found.filter(proposal__in=own.values("pk"))
    column = {"reason": "reason", "competitor": "competitor_key"}.get(by) or f"proposal__stats__{COLUMNS[by]}"
    columns = ("connection", column, "reason") if column != "reason" else ("connection", "reason")
    counted = {"n": Count("pk"), "v": Sum("proposal__stats__value"), "named": Max("competitor")}
    groups = []
    for row in found.order_by().values(*columns).annotate(**counted):
        reason = row["reason"] or OTHER
        key = reason if by == "reason" else row[column]
        if by == "competitor" and not key:
            continue
        name = row["named"] if by == "competitor" else ""
        groups.append(Group(row["connection"], key, reason, name, row["n"], row["v"]))
    return groups


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
