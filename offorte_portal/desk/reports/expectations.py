"""What may still be won: open proposals and those in edit, each kind with the chance that managers give it.

Computed from the sums by month and from stats; cached for a minute in this process.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.core.cache import caches
from django.db.models import Count, F, Q, QuerySet, Sum

from offorte_portal.desk import thresholds
from offorte_portal.desk.attention import stats_of
from offorte_portal.desk.figures import rollups_of
from offorte_portal.desk.models import DeskSettings, ProposalStats, Rollup
from offorte_portal.mirror.models.sorting import Unindexed
from offorte_portal.staff.identity import OwnerKey
from offorte_portal.staff.scope import Scope
from offorte_portal.text.worth import Worth
from proposals.currencies import read_currencies
from proposals.models import Proposal

SECONDS = 60
Status, Basis = Proposal.Status, Rollup.Basis
# Count and value.
Counted = tuple[int, Worth]
# Account, count and value.
ByAccount = tuple[int, int, Decimal | None]


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
    """Return what may still be won: hot, seen, not seen, and in edit. Two queries; none if cached."""
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
    opened = rollups_of(scope).filter(basis=Basis.CREATED, status__in=[Status.OPEN, Status.EDIT]).order_by()
    sums_of = {"n": Sum("count"), "v": Sum("value"), "silent_n": Sum("silent"), "silent_v": Sum("silent_value")}
    whole = list(opened.values_list("status", "connection").annotate(**sums_of))
    hot = _sum(scope, stats_of(scope).filter(condition("hot", settings)))
    # Includes the hot ones, which are subtracted below.
    looked_at = [(account, count, value) for _status, account, _n, _v, count, value in whole]
    kinds: dict[str, list[ByAccount]] = {
        "hot": hot,
        "seen": [*looked_at, *_less(hot)],
        "unseen": [*(row[1:4] for row in whole if row[0] == Status.OPEN), *_less(looked_at)],
        "edit": [row[1:4] for row in whole if row[0] == Status.EDIT],
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
        found = rows.aggregate(n=Count("*"), v=Sum("value"))
        return [(only, found["n"], found["v"])]
    return list(rows.order_by().values_list("connection").annotate(n=Count("*"), v=Sum("value")))


def _less(rows: list[ByAccount]) -> list[ByAccount]:
    return [(account, -count, -(value or Decimal())) for account, count, value in rows]


def expect_by_owner(version: int) -> dict[OwnerKey, Decimal]:
    """Return what the chances come to for each owner of proposals. Two queries; none if cached.

    `version` changes whenever a stored sum does, see `Scope`.
    """
    settings = thresholds.read()
    chances = (settings.chance_hot, settings.chance_seen, settings.chance_unseen, settings.chance_edit)
    key = f"desk:forecast:owners:{settings.hot_from}:{chances}:{version}".replace(" ", "")
    known: dict[OwnerKey, Decimal] | None = caches["local"].get(key)
    if known is None:
        known = _expect_by_owner(settings)
        caches["local"].set(key, known, SECONDS)
    return known


def _expect_by_owner(settings: DeskSettings) -> dict[OwnerKey, Decimal]:
    expected: dict[OwnerKey, Decimal] = defaultdict(Decimal)
    opened = Rollup.objects.filter(basis=Basis.CREATED, status__in=[Status.OPEN, Status.EDIT]).order_by()
    sums = opened.values_list("connection", "owner_key", "status").annotate(
        v=Sum("value"), silent_v=Sum("silent_value")
    )
    for account, owner, status, value, silent in sums:
        # Each open proposal has the chance of those not seen, and what a seen or a hot one has beyond that.
        chance = settings.chance_edit if status == Status.EDIT else settings.chance_unseen
        seen = silent * (settings.chance_seen - settings.chance_unseen)
        expected[account, owner] += (value * chance + seen) / 100
    # Unindexed, because few are hot: a database would rather read all stats in the order of their accounts.
    hot = ProposalStats.objects.filter(condition("hot", settings)).annotate(account=Unindexed(F("connection")))
    for account, owner, value in hot.order_by().values_list("account", "owner_key").annotate(v=Sum("value")):
        expected[account, owner] += (value or Decimal()) * (settings.chance_hot - settings.chance_seen) / 100
    return expected
