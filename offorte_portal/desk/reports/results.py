"""Results: proposals by month, seller, team or template, and the funnel, for a period and the one compared with.

Computed from the sums by month; cached for a minute in this process.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import caches
from django.db.models import QuerySet, Sum

from offorte_portal.desk import rollups
from offorte_portal.desk.figures import rollups_of
from offorte_portal.desk.models import Rollup
from offorte_portal.desk.reports import teams
from offorte_portal.desk.rollups import Histograms, read_histograms
from offorte_portal.staff.scope import Scope
from offorte_portal.staff.sellers import name_seller, read_addresses
from offorte_portal.text.months import Period
from offorte_portal.text.worth import Worth
from proposals.currencies import read_currencies
from proposals.models import Proposal

SECONDS = 60
Status, Basis = Proposal.Status, Rollup.Basis
# What a report can be grouped by, with the column of `Rollup`.
DIMENSIONS = {"month": "month", "seller": "owner_key", "team": "owner_key", "template": "template"}
# Returns what a row is about, from its account and its column.
Name = Callable[[int, Any], Any]
# Histograms by what a row is about and by basis.
Hours = dict[tuple[Any, str], Counter[int]]


@dataclass
class ReportRow:
    """The figures of one month, seller, team or template, or of a whole report.

    `created`, `sent`, `seen`, `created_won` and `view_hours` are of proposals created in the period; the others are of
    proposals decided in it. Hours are medians: from sending to the first view, and to the signature. `before` has the
    figures of the period that this one is compared with; None without one.
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
    before: "ReportRow | None" = None

    @property
    def rate(self) -> float | None:
        """The percentage won of those won and lost; None if there are neither."""
        return 100 * self.won / (self.won + self.lost) if self.won + self.lost else None


@dataclass
class Report:
    """The rows of a period and their total."""

    period: Period
    total: ReportRow = field(default_factory=ReportRow)
    lines: list[ReportRow] = field(default_factory=list)


def read(scope: Scope, *, by: str, period: Period, versus: Period | None = None, has_medians: bool = True) -> Report:
    """Return the report of a period, compared with `versus`. At most four queries; none if cached."""
    account = scope.account.pk if scope.account else "all"
    members = teams.read_members() if by == "team" else {}
    digest = hash(tuple(sorted(members.items())))
    asked = f"{by}:{has_medians}:{period}:{versus}:{digest}"
    key = f"desk:report:{account}:{scope.mark}:{asked}:{scope.version}".replace(" ", "")
    known: Report | None = caches["local"].get(key)
    if known is None:
        rows, name = rollups_of(scope), choose_name(by, members)
        known = _read(rows, by, period, name, has_medians=has_medians)
        if versus:
            compare(known, _read(rows, by, versus, name, has_medians=has_medians), by)
        order(known, by)
        caches["local"].set(key, known, SECONDS)
    return known


def choose_name(by: str, members: dict[str, int]) -> Name:
    """Return how rows are named: by month, by template, by a seller across all accounts, or by their team."""
    if DIMENSIONS[by] != "owner_key":
        return lambda account, value: value
    addresses = read_addresses()
    if by == "seller":
        return lambda account, value: name_seller((account, value), addresses)
    return lambda account, value: members.get(name_seller((account, value), addresses), 0)


def order(report: Report, by: str) -> None:
    """Put the lines of a report in order: months by date, others by value won."""
    if by == "month":
        report.lines.sort(key=lambda line: line.key)
    else:
        report.lines.sort(key=lambda line: (-line.value.rank, -line.created, str(line.key)))


def compare(report: Report, earlier: Report, by: str) -> None:
    """Give each line the figures of before: a month those of the month at the same place in the earlier period."""
    report.total.before = earlier.total
    found = {line.key: line for line in earlier.lines}
    places = dict(zip(report.period.months, earlier.period.months, strict=True)) if by == "month" else {}
    for line in report.lines:
        line.before = found.get(places.get(line.key, line.key)) or ReportRow(line.key)


def _read(rows: QuerySet[Rollup], by: str, period: Period, name: Name, *, has_medians: bool) -> Report:
    column = DIMENSIONS[by]
    counted = [Basis.CREATED, Basis.DECIDED]
    rows = rows.filter(basis__in=counted, month__gte=period.first, month__lte=period.last)
    lines: dict[Any, ReportRow] = defaultdict(ReportRow)
    if by == "month":
        lines |= {month: ReportRow() for month in period.months}
    total = ReportRow()
    sums: dict[str, Any] = {"n": Sum("count"), "v": Sum("value"), "sent_n": Sum("sent"), "seen_n": Sum("seen")}
    grouped = rows.order_by().values(column, "basis", "status", "connection")
    found = list(grouped.annotate(**sums, **({"all_hours": Histograms("hours")} if has_medians else {})))
    currencies = read_currencies({row["connection"] for row in found})
    hours: Hours = defaultdict(Counter)
    for row in found:
        key = name(row["connection"], row[column])
        hours[key, row["basis"]].update(read_histograms(row.get("all_hours")))
        for line in (lines[key], total):
            _add(line, row, currencies[row["connection"]])
    _add_medians(hours, lines, total)
    for key, line in lines.items():
        line.key = key
    return Report(period, total, list(lines.values()))


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


def _add_medians(found: Hours, lines: dict[Any, ReportRow], total: ReportRow) -> None:
    for key, line in lines.items():
        line.view_hours = rollups.median([found.get((key, Basis.CREATED), {})])
        line.sign_hours = rollups.median([found.get((key, Basis.DECIDED), {})])
    total.view_hours, total.sign_hours = (
        rollups.median(hours for (_key, each), hours in found.items() if each == basis)
        for basis in (Basis.CREATED, Basis.DECIDED)
    )
