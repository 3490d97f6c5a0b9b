"""The key figures of the home page, from the sums by month. Cached in this process until sums change."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.core.cache import caches
from django.db.models import Q, QuerySet, Sum

from offorte_portal.desk import rollups
from offorte_portal.desk.models import Rollup
from offorte_portal.staff.scope import Scope
from offorte_portal.text.months import months_back
from proposals.models import Proposal

SECONDS = 60
Status = Proposal.Status
Basis = Rollup.Basis


@dataclass(frozen=True)
class Quarter:
    """What was won and lost in a quarter; `hours` is the median from sending to the signature."""

    won: int = 0
    lost: int = 0
    value: Decimal = Decimal()
    hours: int | None = None

    @property
    def rate(self) -> float | None:
        """The percentage won of those won and lost; None if there are neither."""
        return 100 * self.won / (self.won + self.lost) if self.won + self.lost else None


@dataclass(frozen=True)
class Figures:
    """Open proposals, two quarters (`now`, `before`), and twelve months of (month, won, created and still open)."""

    open_count: int = 0
    open_value: Decimal = Decimal()
    now: Quarter = field(default_factory=Quarter)
    before: Quarter = field(default_factory=Quarter)
    months: list[tuple[date, Decimal, Decimal]] = field(default_factory=list)


def read(scope: Scope, today: date) -> Figures:
    """Return the figures of a scope. Two queries; none if cached."""
    account = scope.account.pk if scope.account else "all"
    key = f"desk:figures:{account}:{scope.mark}:{today}:{scope.version}"
    known: Figures | None = caches["local"].get(key)
    if known is None:
        known = _read(scope, today)
        caches["local"].set(key, known, SECONDS)
    return known


def rollups_of(scope: Scope) -> QuerySet[Rollup]:
    return scope.narrow(Rollup.objects.all())


def _read(scope: Scope, today: date) -> Figures:
    this_month = today.replace(day=1)
    first = months_back(this_month, 11)
    quarter = months_back(this_month, (today.month - 1) % 3)
    rows = rollups_of(scope)
    still_open = Q(basis=Basis.CREATED, status=Status.OPEN)
    decided = Q(basis=Basis.DECIDED, month__gte=first)
    grouped = (
        rows.filter(still_open | decided)
        .values_list("basis", "month", "status")
        .annotate(number=Sum("count"), worth=Sum("value"))
    )
    sums = {(basis, month, status): (number, worth) for basis, month, status, number, worth in grouped}
    opened = [each for (basis, _month, _status), each in sums.items() if basis == Basis.CREATED]
    # Histograms of the hours to the signature: of this quarter (True), and of the one before (False).
    hours: dict[bool, list[Counter[int]]] = defaultdict(list)
    won = rows.filter(basis=Basis.DECIDED, status=Status.WON, month__gte=months_back(quarter, 3)).order_by()
    for month, histograms in won.values_list("month").annotate(all_hours=rollups.Histograms("hours")):
        hours[month is not None and month >= quarter].append(rollups.read_histograms(histograms))
    return Figures(
        open_count=sum(number for number, _ in opened),
        open_value=sum((worth for _, worth in opened), Decimal()),
        now=_quarter(sums, quarter, rollups.median(hours[True])),
        before=_quarter(sums, months_back(quarter, 3), rollups.median(hours[False])),
        months=[
            (month, _worth(sums, Basis.DECIDED, month, Status.WON), _worth(sums, Basis.CREATED, month, Status.OPEN))
            for month in (months_back(this_month, back) for back in range(11, -1, -1))
        ],
    )


Sums = dict[tuple[str, date | None, str], tuple[int, Decimal]]


def _worth(sums: Sums, basis: str, month: date, status: str) -> Decimal:
    return sums.get((basis, month, status), (0, Decimal()))[1]


def _quarter(sums: Sums, first: date, hours: int | None) -> Quarter:
    months = [months_back(first, -number) for number in range(3)]
    won = [sums.get((Basis.DECIDED, month, Status.WON), (0, Decimal())) for month in months]
    lost = sum(sums.get((Basis.DECIDED, month, Status.LOST), (0, Decimal()))[0] for month in months)
    return Quarter(sum(number for number, _ in won), lost, sum((worth for _, worth in won), Decimal()), hours)
