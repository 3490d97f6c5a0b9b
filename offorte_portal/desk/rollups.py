"""Sums of stats by month, seller, template and status."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from offorte_portal import ports
from offorte_portal.desk.models import ProposalStats, Rollup, RollupDue
from offorte_portal.text.months import months_back
from proposals.models import Proposal

Basis = Rollup.Basis
# Durations are counted by the hour up to three days, by the day after that; a year is the longest.
FINE_HOURS = 72
MOST_HOURS = 365 * 24


class Month(NamedTuple):
    """The proposals of one account that were created, sent or decided in a month; None if the moment is unknown."""

    connection_id: int
    basis: str
    month: date | None


def months_of(stats: ProposalStats) -> set[Month]:
    """Return the months whose sums include a proposal."""
    months = {Month(stats.connection_id, Basis.CREATED, stats.created_month)}
    if stats.status in {Proposal.Status.WON, Proposal.Status.LOST, Proposal.Status.CLOSED}:
        months.add(Month(stats.connection_id, Basis.DECIDED, stats.decided_month))
    if stats.sent_at:
        months.add(Month(stats.connection_id, Basis.SENT, first_day(stats.sent_at)))
    return months


def first_day(moment: datetime) -> date:
    """Return the month of a moment in the portal's time zone."""
    return timezone.localtime(moment).date().replace(day=1)


def note(months: Collection[Month]) -> None:
    """Note that the sums of these months are outdated, in the transaction that changes their stats."""
    RollupDue.objects.bulk_create([RollupDue(**month._asdict()) for month in sorted(months, key=str)])


def rebuild_due(until: float = float("inf"), *, connection_id: int | None = None) -> int:
    """Rebuild the sums of the months that were noted, of one account or all, each in a short transaction.

    Stops at `until` on the monotonic clock. Returns how many months were rebuilt.
    """
    due: dict[Month, list[int]] = defaultdict(list)
    noted_months = RollupDue.objects.order_by("pk")
    for noted in noted_months.filter(connection_id=connection_id) if connection_id else noted_months:
        due[Month(noted.connection_id, noted.basis, noted.month)].append(noted.pk)
    done = 0
    for month, keys in due.items():
        if ports.monotonic() > until:
            break
        with transaction.atomic():
            # A month that is noted from here on is rebuilt once more.
            RollupDue.objects.filter(pk__in=keys).delete()
            Rollup.objects.filter(**month._asdict()).delete()
            Rollup.objects.bulk_create(_sum(month), batch_size=500)
        done += 1
    return done


def _find(month: Month) -> QuerySet[ProposalStats]:
    """Return the stats of a month's proposals."""
    found = ProposalStats.objects.filter(connection_id=month.connection_id)
    if month.basis == Basis.CREATED:
        return found.filter(created_month=month.month)
    if month.basis == Basis.DECIDED:
        decided = [Proposal.Status.WON, Proposal.Status.LOST, Proposal.Status.CLOSED]
        return found.filter(decided_month=month.month, status__in=decided)
    if month.month is None:
        return found.none()
    begin, end = (
        timezone.make_aware(datetime.combine(day, time.min)) for day in (month.month, months_back(month.month, -1))
    )
    return found.filter(sent_at__gte=begin, sent_at__lt=end)


def _sum(month: Month) -> Iterator[Rollup]:
    groups: dict[tuple[str, int, str], list[Any]] = defaultdict(list)
    columns = ("owner_key", "template", "status", "value", "sent_at", "first_viewed_at", "viewed_at", "decided_at")
    for owner, template, status, *rest in _find(month).values_list(*columns).iterator():
        groups[owner, template, status].append(rest)
    for (owner, template, status), rows in groups.items():
        yield Rollup(
            connection_id=month.connection_id,
            basis=month.basis,
            month=month.month,
            owner_key=owner,
            template=template,
            status=status,
            count=len(rows),
            value=sum((value for value, *_ in rows if value is not None), Decimal()),
            unvalued=sum(value is None for value, *_ in rows),
            sent=0 if status == Proposal.Status.EDIT else len(rows),
            seen=sum(viewed_at is not None for _, _, _, viewed_at, _ in rows),
            **_histograms(month.basis, status, rows),
        )


def _histograms(basis: str, status: str, rows: Iterable[list[Any]]) -> dict[str, dict[str, int]]:
    """Return the columns with {hours: proposals}: from sending to the first view, and of those won to the decision."""
    looked = ((sent_at, first) for _, sent_at, first, _, _ in rows)
    decided = ((sent_at, at) for _, sent_at, _, _, at in rows) if status == Proposal.Status.WON else ()
    if basis == Basis.SENT:
        return {"hours": _count_hours(looked), "sign_hours": _count_hours(decided)}
    return {"hours": _count_hours(decided if basis == Basis.DECIDED else looked)}


def _count_hours(ends: Iterable[tuple[datetime | None, datetime | None]]) -> dict[str, int]:
    counted: Counter[int] = Counter()
    for start, end in ends:
        if start and end and end >= start:
            hours = min(int((end - start).total_seconds() // 3600), MOST_HOURS)
            counted[hours if hours < FINE_HOURS else hours // 24 * 24] += 1
    return {str(hours): count for hours, count in sorted(counted.items())}


def median(histograms: Iterable[dict[str, int]]) -> int | None:
    """Return the median of the histograms in hours (whole days from three days on); None if they are empty."""
    total: Counter[int] = Counter()
    for histogram in histograms:
        for hours, count in histogram.items():
            total[int(hours)] += count
    middle = (sum(total.values()) + 1) // 2
    for length in sorted(total):
        middle -= total[length]
        if middle <= 0:
            return length
    return None
