"""Reports: proposals by month, seller or template, the funnel, and the forecast of open proposals.

Computed from the sums by month, the forecast also from stats; cached for a minute in this process.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.cache import caches
from django.db.models import Count, Q, QuerySet, Sum

from offorte_portal.desk import rollups, thresholds
from offorte_portal.desk.attention import stats_of
from offorte_portal.desk.figures import rollups_of
from offorte_portal.desk.models import DeskSettings, ProposalStats, Rollup
from offorte_portal.staff.identity import OwnerKey
from offorte_portal.staff.scope import Scope
from offorte_portal.staff.sellers import name_seller, read_addresses
from offorte_portal.text.months import months_back
from offorte_portal.text.worth import Worth
from proposals.currencies import read_currencies
from proposals.models import Proposal

SECONDS = 60
Status, Basis = Proposal.Status, Rollup.Basis
# What a report can be grouped by, with the column of `Rollup`.
DIMENSIONS = {"month": "month", "seller": "owner_key", "template": "template"}
PERIODS = (3, 6, 12, 24)
# Count and value.
Counted = tuple[int, Worth]
# Account, count and value.
ByAccount = tuple[int, int, Decimal | None]


@dataclass
class ReportRow:
    """The figures of one month, seller or template, or of a whole report.

    `created`, `sent`, `seen`, `created_won` and `view_hours` are of proposals created in the period; the others are of
    proposals decided in it. Hours are medians: from sending to the first view, and to the signature.
    """

    key: Any = None
    won: int = 0
    lost: int = 0
    closed: int = 0
    value: Worth = field(default_factory=Worth)
    lost_value: Worth = field(default_factory=Worth)
    created: int = 0
    sent: int = 0
    seen: int = 0
    created_won: int = 0
    view_hours: int | None = None
    sign_hours: int | None = None

    @property
    def rate(self) -> float | None:
        """The percentage won of those won and lost; None if there are neither."""
        return 100 * self.won / (self.won + self.lost) if self.won + self.lost else None


@dataclass
class Report:
    """The rows of a period and their total; `first` and `last` are the first days of its first and last month."""

    first: date
    last: date
    total: ReportRow = field(default_factory=ReportRow)
    lines: list[ReportRow] = field(default_factory=list)


@dataclass(frozen=True)
class Expectation:
    """One kind of proposals that may still be won: their count and value, and the chance in per cent."""

    kind: str
    count: int
    value: Worth
    chance: int

    @property
    def expected(self) -> Worth:
        """Their value times the chance."""
        return self.value.part(self.chance)


def read(scope: Scope, *, by: str, months: int, today: date) -> Report:
    """Return the report of the last `months` months, this one included. At most four queries; none if cached."""
    account = scope.account.pk if scope.account else "all"
    key = f"desk:report:{account}:{scope.mark}:{by}:{months}:{today}:{scope.version}"
    known: Report | None = caches["local"].get(key)
    if known is None:
        known = _read(scope, DIMENSIONS[by], months, today)
        caches["local"].set(key, known, SECONDS)
    return known


def _read(scope: Scope, column: str, months: int, today: date) -> Report:
    this_month = today.replace(day=1)
    first = months_back(this_month, months - 1)
    rows = rollups_of(scope).filter(month__gte=first, month__lte=this_month)
    lines: dict[Any, ReportRow] = defaultdict(ReportRow)
    total = ReportRow()
    sums = {"n": Sum("count"), "v": Sum("value"), "sent_n": Sum("sent"), "seen_n": Sum("seen")}
    found = list(rows.values(column, "basis", "status", "connection").annotate(**sums))
    currencies = read_currencies({row["connection"] for row in found})
    addresses = read_addresses() if column == "owner_key" else {}
    for row in found:
        for line in (lines[_key(column, row["connection"], row[column], addresses)], total):
            _add(line, row, currencies[row["connection"]])
    _add_medians(rows, column, lines, total, addresses)
    if column == "month":
        for back in range(months):
            lines[months_back(this_month, back)].key = months_back(this_month, back)
    for key, line in lines.items():
        line.key = key
    ordered = list(lines.values())
    if column == "month":
        ordered.sort(key=lambda line: line.key)
    else:
        ordered.sort(key=lambda line: (-line.value.rank, -line.created, str(line.key)))
    return Report(first, this_month, total, ordered)


def _key(column: str, account: int, value: Any, addresses: dict[OwnerKey, str]) -> Any:
    """Return what a row is about: a month, a template, or a seller across all accounts."""
    return name_seller((account, value), addresses) if column == "owner_key" else value


def _add(line: ReportRow, row: dict[str, Any], currency: str) -> None:
    count = row["n"]
    if row["basis"] == Basis.CREATED:
        line.created += count
        line.sent += row["sent_n"]
        line.seen += row["seen_n"]
        line.created_won += count if row["status"] == Status.WON else 0
    elif row["status"] == Status.WON:
        line.won += count
        line.value.add(currency, row["v"])
    elif row["status"] == Status.LOST:
        line.lost += count
        line.lost_value.add(currency, row["v"])
    else:
        line.closed += count


def _add_medians(
    rows: QuerySet[Rollup], column: str, lines: dict[Any, ReportRow], total: ReportRow, addresses: dict[OwnerKey, str]
) -> None:
    histograms = rows.exclude(hours={}).values_list("connection", column, "basis", "hours")
    found: dict[tuple[Any, str], list[dict[str, int]]] = defaultdict(list)
    for account, value, basis, hours in histograms:
        found[_key(column, account, value, addresses), basis].append(hours)
    for key, line in lines.items():
        line.view_hours = rollups.median(found.get((key, Basis.CREATED), []))
        line.sign_hours = rollups.median(found.get((key, Basis.DECIDED), []))
    total.view_hours = rollups.median(
        hours for (_, basis), many in found.items() if basis == Basis.CREATED for hours in many
    )
    total.sign_hours = rollups.median(
        hours for (_, basis), many in found.items() if basis == Basis.DECIDED for hours in many
    )


def condition(kind: str, settings: DeskSettings) -> Q:
    """Return the condition for the stats that one kind of the forecast counts."""
    hot = Q(heat__gte=settings.hot_from)
    match kind:
        case "hot":
            return hot
        case "seen":
            return Q(stage=ProposalStats.Stage.SILENT, since__isnull=False) & ~hot
        case "unseen":
            return Q(status=Status.OPEN) & ~Q(stage=ProposalStats.Stage.SILENT, since__isnull=False) & ~hot
    return Q(status=Status.EDIT)


def forecast(scope: Scope) -> list[Expectation]:
    """Return what may still be won: hot, seen, not seen, and in edit. Three queries; none if cached."""
    settings = thresholds.read()
    account = scope.account.pk if scope.account else "all"
    key = f"desk:forecast:{account}:{scope.mark}:{settings.hot_from}:{scope.version}"
    sums: dict[str, Counted] | None = caches["local"].get(key)
    if sums is None:
        sums = _sum_open(scope, settings)
        caches["local"].set(key, sums, SECONDS)
    chances = {
        "hot": settings.chance_hot,
        "seen": settings.chance_seen,
        "unseen": settings.chance_unseen,
        "edit": settings.chance_edit,
    }
    return [Expectation(kind, *sums[kind], chance) for kind, chance in chances.items()]


def _sum_open(scope: Scope, settings: DeskSettings) -> dict[str, Counted]:
    opened = rollups_of(scope).filter(basis=Basis.CREATED, status__in=[Status.OPEN, Status.EDIT])
    whole = list(opened.order_by().values_list("status", "connection").annotate(n=Sum("count"), v=Sum("value")))
    rows = stats_of(scope)
    hot = _sum(scope, rows.filter(condition("hot", settings)))
    # Includes the hot ones, which are subtracted below: without that condition an index covers the query.
    looked_at = _sum(scope, rows.filter(stage=ProposalStats.Stage.SILENT, since__isnull=False))
    opened_by_account = [row[1:] for row in whole if row[0] == Status.OPEN]
    kinds = {
        "hot": hot,
        "seen": [*looked_at, *_less(hot)],
        "unseen": [*opened_by_account, *_less(looked_at)],
        "edit": [row[1:] for row in whole if row[0] == Status.EDIT],
    }
    currencies = read_currencies({account for each in kinds.values() for account, _, _ in each})
    sums: dict[str, Counted] = {}
    for kind, rows_by_account in kinds.items():
        worth = Worth()
        for account, _, value in rows_by_account:
            worth.add(currencies[account], value)
        sums[kind] = sum(count for _, count, _ in rows_by_account), worth
    return sums


def _sum(scope: Scope, rows: QuerySet[ProposalStats]) -> list[ByAccount]:
    only = scope.account.pk if scope.account else scope.accounts[0] if len(scope.accounts) == 1 else None
    if only is not None:
        # Grouping would sort all rows by account, which takes longer than adding them up.
        found = rows.aggregate(n=Count("pk"), v=Sum("value"))
        return [(only, found["n"], found["v"])]
    return list(rows.order_by().values_list("connection").annotate(n=Count("pk"), v=Sum("value")))


def _less(rows: list[ByAccount]) -> list[ByAccount]:
    return [(account, -count, -(value or Decimal())) for account, count, value in rows]
