"""Sums of imported quotes for the pipeline and the reports, always apart from Offorte's own proposals.

No sums are stored, for indexes contain every column that they need; reports are cached for SECONDS. Quotes without a
known total are counted, but have no value.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.cache import caches
from django.db.models import Count, F, QuerySet, Sum

from offorte_portal.desk import thresholds
from offorte_portal.desk.board import CARDS, Total
from offorte_portal.desk.reports.expectations import Expectation
from offorte_portal.desk.reports.results import Report, ReportRow, compare, order
from offorte_portal.other_systems.models import ImportedQuote
from offorte_portal.text.months import Period

Status = ImportedQuote.Status
# The dimensions by which a report can be split, with their columns; months are made of the days.
DIMENSIONS = {"month": "", "seller": "owner_key", "system": "source"}
SECONDS = 60
SUMS = {"n": Count("pk"), "known": Count("total"), "worth": Sum("total")}
SHOWN = (
    "title", "number", "external_id", "status", "company_name", "owner_name", "owner_email", "currency", "total",
    "begun_on", "valid_until", "source__label",
)  # fmt: skip


class Group(NamedTuple):
    """Quotes of one status and currency: their number, the number with a known total, and the sum of these totals."""

    status: str
    currency: str
    number: int
    known: int
    worth: Decimal | None


@dataclass(frozen=True)
class Desk:
    """The quotes of one seller, by their e-mail addresses, or everybody's where `addresses` is None."""

    addresses: frozenset[str] | None = None

    @property
    def rows(self) -> QuerySet[ImportedQuote]:
        """The quotes, in no order."""
        present = ImportedQuote.objects.present().order_by()
        return present if self.addresses is None else present.own(self.addresses)


def sum_by_status(found: QuerySet[ImportedQuote]) -> dict[str, Total]:
    """Return the totals of each status. One query."""
    totals: dict[str, Total] = {}
    for status, currency, count, known, worth in _sum(found, "status", "currency"):
        total = totals.setdefault(status, Total())
        total.count += count
        total.worth.add(currency, worth, count - known)
    return totals


def newest(found: QuerySet[ImportedQuote]) -> list[ImportedQuote]:
    """Return the newest CARDS quotes of each status with the columns that cards show, newest first. Two queries."""
    columns = [F("begun_on").desc(nulls_last=True), F("id").desc()]
    first, *others = (
        ImportedQuote.objects.filter(pk__in=found.filter(status=status).order_by(*columns).values("pk")[:CARDS])
        .order_by()
        .values_list("pk")
        for status in Status
    )
    keys = [pk for (pk,) in first.union(*others, all=True)]
    return list(ImportedQuote.objects.filter(pk__in=keys).select_related("source").only(*SHOWN).order_by(*columns))


def read_report(desk: Desk, *, by: str, period: Period, versus: Period | None = None) -> Report:
    """Return the report of a period, compared with `versus`. Two queries for each, none where it is cached."""
    whose = "*" if desk.addresses is None else ",".join(sorted(desk.addresses))
    key = f"quotes:report:{whose}:{by}:{period}:{versus}".replace(" ", "")
    known: Report | None = caches["local"].get(key)
    if known is None:
        known = _read(desk, by, period)
        if versus:
            compare(known, _read(desk, by, versus), by)
        order(known, by)
        caches["local"].set(key, known, SECONDS)
    return known


def _read(desk: Desk, by: str, period: Period) -> Report:
    lines: dict[Any, ReportRow] = defaultdict(ReportRow)
    if by == "month":
        lines |= {month: ReportRow() for month in period.months}
    total = ReportRow()
    for day, add in (("begun_on", _add_begun), ("decided_on", _add_decided)):
        rows = desk.rows.filter(**{f"{day}__gte": period.first, f"{day}__lte": period.last_day})
        for key, *values in _sum(rows, DIMENSIONS[by] or day, "status", "currency"):
            for line in (lines[key.replace(day=1) if by == "month" else key], total):
                add(line, Group(*values))
    for key, line in lines.items():
        line.key = key
    return Report(period, total, list(lines.values()))


def _sum(rows: QuerySet[ImportedQuote], *columns: str) -> QuerySet[ImportedQuote, Any]:
    return rows.order_by().values_list(*columns).annotate(**SUMS)


def _add_begun(line: ReportRow, group: Group) -> None:
    line.created += group.number
    line.sent += 0 if group.status == Status.EDIT else group.number
    line.created_won += group.number if group.status == Status.WON else 0


def _add_decided(line: ReportRow, group: Group) -> None:
    unknown = group.number - group.known
    if group.status == Status.WON:
        line.won += group.number
        line.value.add(group.currency, group.worth, unknown)
    elif group.status == Status.LOST:
        line.lost += group.number
        line.lost_value.add(group.currency, group.worth, unknown)
    elif group.status == Status.CLOSED:
        line.closed += group.number


def forecast(desk: Desk) -> list[Expectation]:
    """Return what may still be won. No system says whether a quote was viewed: open ones count as not seen."""
    settings = thresholds.read()
    totals = sum_by_status(desk.rows.filter(status__in=[Status.OPEN, Status.EDIT]))
    chances = {Status.OPEN: settings.chance_unseen, Status.EDIT: settings.chance_edit}
    found = {status: totals.get(status, Total()) for status in chances}
    return [Expectation(status, found[status].count, found[status].worth, chances[status]) for status in chances]


def has_unowned(desk: Desk) -> bool:
    """Return whether one seller's desk leaves out quotes without an owner; False for everybody's desk."""
    return desk.addresses is not None and ImportedQuote.objects.present().filter(owner_key="").exists()
