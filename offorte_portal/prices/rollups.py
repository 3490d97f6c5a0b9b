"""Adding up the uses of prices: by month, then the months of a memory, then the memories of a product."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery, Sum

from offorte_portal import ports
from offorte_portal.changes import following
from offorte_portal.prices.linking import refresh_products
from offorte_portal.prices.memory import RECENT
from offorte_portal.prices.models import PriceDue, PriceMemory, PriceMonth, PriceUse

# How many months of memories are added up in one transaction.
AT_ONCE = 500
WRITTEN = (
    *("offered", "won", "lost", "low", "high", "last_at", "last_price", "last_vat", "last_proposal"),
    *("recent_from", "recent_prices", "recent_low", "recent_high"),
)


def rebuild_due(until: float = float("inf"), *, connection_id: int | None = None) -> int:
    """Add up the months that were noted, of one account or all, in short transactions; return how many.

    Stops at `until` on the monotonic clock.
    """
    done, noted = 0, PriceDue.objects.order_by("memory_id")
    if connection_id:
        noted = noted.filter(memory__connection=connection_id)
    while first := noted.values_list("memory__connection_id", flat=True).first():
        if ports.monotonic() > until:
            break
        with transaction.atomic():
            following.lock(first)
            done += _add_up(list(noted.filter(memory__connection=first)[:AT_ONCE]))
    return done


def _add_up(due: list[PriceDue]) -> int:
    memories = sorted({noted.memory_id for noted in due})
    _add_up_months(memories, {noted.month for noted in due})
    _add_up_memories(memories)
    PriceDue.objects.filter(pk__in=[noted.pk for noted in due]).delete()
    return len(due)


def _add_up_months(memories: list[int], months: set[date]) -> None:
    uses = PriceUse.objects.filter(memory__in=memories, month__in=months).order_by()
    won = Q(outcome=PriceUse.Outcome.WON)
    summed = uses.values("memory_id", "month").annotate(
        offered=Count("pk", filter=Q(counts=True)),
        won=Count("pk", filter=won & Q(counts=True)),
        lost=Count("pk", filter=Q(outcome=PriceUse.Outcome.LOST, counts=True)),
        unvalued=Count("pk", filter=won & Q(value__isnull=True)),
        value=Sum("value", filter=won, default=0),
        low=Min("price"),
        high=Max("price"),
    )
    fresh = [PriceMonth(**figures) for figures in summed]
    PriceMonth.objects.filter(memory__in=memories, month__in=months).delete()
    PriceMonth.objects.bulk_create(fresh, batch_size=500)


def _add_up_memories(memories: list[int]) -> None:
    latest = PriceUse.objects.filter(memory=OuterRef("pk"), price__isnull=False).order_by("-at", "-proposal_id", "-pk")
    rows = PriceMemory.objects.filter(pk__in=memories)
    found = list(rows.annotate(latest=Subquery(latest.values("pk")[:1])))
    uses = PriceUse.objects.in_bulk([row.latest for row in found if row.latest])
    totals = {
        memory: figures
        for memory, *figures in PriceMonth.objects.filter(memory__in=memories)
        .values_list("memory_id")
        .annotate(Sum("offered"), Sum("won"), Sum("lost"), Min("low"), Max("high"))
        .order_by()
    }
    for row in found:
        row.offered, row.won, row.lost, row.low, row.high = totals.get(row.pk, (0, 0, 0, None, None))
        use = uses.get(row.latest)
        row.last_at, row.last_price, row.last_vat = (use.at, use.price, use.vat) if use else (None, None, None)
        row.last_proposal_id = use.proposal_id if use else None
        row.recent_from = use.at - RECENT if use else None
    _write(found, WRITTEN[:-3])
    _add_up_recent(found)
    refresh_products({row.product_id for row in found} - {None})


def _add_up_recent(memories: Sequence[PriceMemory]) -> None:
    recent = PriceUse.objects.filter(memory__in=memories, price__isnull=False, at__gte=F("memory__recent_from"))
    spread = {
        memory: figures
        for memory, *figures in recent.values_list("memory_id")
        .annotate(Count("price", distinct=True), Min("price"), Max("price"))
        .order_by()
    }
    for row in memories:
        row.recent_prices, row.recent_low, row.recent_high = spread.get(row.pk, (0, None, None))
    _write(memories, WRITTEN[-3:])


def _write(memories: Sequence[PriceMemory], columns: Sequence[str]) -> None:
    # Unlike `bulk_update`, without a case for each row and column.
    PriceMemory.objects.bulk_create(
        memories, batch_size=500, update_conflicts=True, update_fields=columns, unique_fields=["id"]
    )
