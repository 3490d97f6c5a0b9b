"""Sums of stats by month, seller, template and status."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Aggregate, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from offorte_portal import ports
from offorte_portal.desk import loss_rollups
from offorte_portal.desk.models import ProposalStats, Rollup, RollupDue
from offorte_portal.text.months import months_back
from proposals.models import Proposal

Basis = Rollup.Basis
# Durations are counted by the hour up to three days, by the day after that; a year is the longest.
FINE_HOURS = 72
MOST_HOURS = 365 * 24
# The columns of stats that are added up.
READ = (
    *("owner_key", "template", "status", "value", "stage", "since"),
    *("sent_at", "first_viewed_at", "viewed_at", "decided_at"),
)


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


def note_settled() -> None:
    """Note the months of losses whose change was done after their month was added up."""
    note({Month(connection_id, Basis.DECIDED, month) for connection_id, month in loss_rollups.find_settled()})


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
            rebuild(month)
        done += 1
    return done


def rebuild(month: Month) -> None:
    """Add up a month again, in the caller's transaction."""
    Rollup.objects.filter(**month._asdict()).delete()
    Rollup.objects.bulk_create(_sum(month), batch_size=500)
    if month.basis == Basis.DECIDED and month.month:
        loss_rollups.rebuild(month.connection_id, month.month)


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
    groups: dict[tuple[str, int, str], list[ProposalStats]] = defaultdict(list)
    for stats in _find(month).only(*READ).iterator():
        groups[stats.owner_key, stats.template, stats.status].append(stats)
    for (owner, template, status), rows in groups.items():
        silent = [stats for stats in rows if stats.is_silent]
        yield Rollup(
            connection_id=month.connection_id,
            basis=month.basis,
            month=month.month,
            owner_key=owner,
            template=template,
            status=status,
            count=len(rows),
            value=_add_values(rows),
            unvalued=sum(stats.value is None for stats in rows),
            sent=0 if status == Proposal.Status.EDIT else len(rows),
            seen=sum(stats.viewed_at is not None for stats in rows),
            silent=len(silent),
            silent_value=_add_values(silent),
            **_histograms(month.basis, status, rows),
        )


def _add_values(rows: Iterable[ProposalStats]) -> Decimal:
    return sum((stats.value for stats in rows if stats.value is not None), Decimal())


def _histograms(basis: str, status: str, rows: Collection[ProposalStats]) -> dict[str, dict[str, int]]:
    """Return the columns with {hours: proposals}: from sending to the first view, and of those won to the decision."""
    looked = ((stats.sent_at, stats.first_viewed_at) for stats in rows)
    decided = ((stats.sent_at, stats.decided_at) for stats in rows) if status == Proposal.Status.WON else ()
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


class Histograms(Aggregate):
    """The histograms of all rows as one text for `read_histograms`, which is ten times as fast as row by row."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def __init__(self, column: str, **options: Any) -> None:
        super().__init__(Cast(column, TextField()), **options)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, function="STRING_AGG", template="%(function)s(%(expressions)s, ',')", **context
        )


def read_histograms(text: str | None) -> Counter[int]:
    """Return the sum of the histograms that `Histograms` has put into a text.

    Few entries differ, so they are counted as text before they are read: `{"1": 2, "48": 1},{},{"48": 1}`.
    """
    total: Counter[int] = Counter()
    entries = Counter((text or "").replace("},{", ", ").strip("{}").split(", "))
    for entry, times in entries.items():
        if entry:
            hours, count = entry.split(": ")
            total[int(hours.strip('"'))] += int(count) * times
    return total


def median(histograms: Iterable[Mapping[int, int]]) -> int | None:
    """Return the median of the histograms in hours (whole days from three days on); None if they are empty."""
    total: Counter[int] = Counter()
    for histogram in histograms:
        total.update(histogram)
    middle = (sum(total.values()) + 1) // 2
    for length in sorted(total):
        middle -= total[length]
        if middle <= 0:
            return length
    return None
