"""Which products win: how often they were offered in a period, how often they were won, and for how much.

A month counts the proposals that were created in it, whatever became of them later. Amounts are those of the won rows,
without VAT and after their discounts.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet, Sum

from catalog.models import Product
from offorte_portal.prices.models import PriceMemory, PriceMonth
from offorte_portal.text.months import Period
from offorte_portal.text.worth import Worth

# Fewer decided proposals say nothing about how often a product wins.
ENOUGH = 5
# Of the rows that are of no product, a page reads so many of those that were offered most.
MOST_LOOSE = 500


@dataclass(kw_only=True)
class Figures:
    """What became of the proposals that offer a product."""

    offered: int = 0
    won: int = 0
    lost: int = 0
    value: Worth = field(default_factory=Worth)

    def add(self, currency: str, figures: Sequence[Any]) -> None:
        """Add sums in the order of `_sum`."""
        offered, won, lost, value, unvalued = figures
        self.offered += offered
        self.won += won
        self.lost += lost
        self.value.add(currency, value, unvalued)

    @property
    def rate(self) -> float | None:
        """The percentage won of those won and lost; None if these are too few to tell."""
        decided = self.won + self.lost
        return 100 * self.won / decided if decided >= ENOUGH else None


@dataclass(kw_only=True)
class ProductLine(Figures):
    """The figures of a product, or of price rows with the same text that are of none.

    `key` is what the list of proposals is filtered by; `before` are the figures of the period that `compare` read.
    """

    key: str
    label: str = ""
    product_id: int | None = None
    memory_id: int | None = None
    before: Figures | None = None


def read(accounts: Collection[int], period: Period, most_loose: int | None = None) -> list[ProductLine]:
    """Return a line for each product that was offered in the period. Three queries.

    Of rows that are of no product there are `most_loose` lines at most, those that were offered most.
    """
    months = _months(period).filter(memory__connection__in=accounts)
    products = months.filter(memory__product__isnull=False).values_list("memory__product", "memory__currency")
    loose = months.filter(memory__product__isnull=True).values_list("memory", "memory__currency", "memory__label")
    lines: dict[str, ProductLine] = {}
    for product, currency, *figures in _sum(products):
        line = lines.setdefault(str(product), ProductLine(key=str(product), product_id=product))
        line.add(currency, figures)
    for memory, currency, label, *figures in _sum(loose).order_by("-sum_offered", "memory")[:most_loose]:
        line = lines.setdefault(f"m{memory}", ProductLine(key=f"m{memory}", label=label, memory_id=memory))
        line.add(currency, figures)
    named = Product.objects.filter(pk__in=[line.product_id for line in lines.values() if line.product_id])
    names = {row.pk: str(row) for row in named.only("name", "remote_id").order_by("pk")}
    for line in lines.values():
        line.label = names.get(line.product_id or 0, line.label)
    return [line for line in lines.values() if line.offered]


def compare(lines: Collection[ProductLine], period: Period) -> None:
    """Read the figures of these lines in another period. One query, along the index by memory."""
    of_lines = Q(product__in=[line.product_id for line in lines if line.product_id])
    of_lines |= Q(pk__in=[line.memory_id for line in lines if line.memory_id])
    rows = _months(period).filter(memory__in=PriceMemory.objects.filter(of_lines).order_by().values("pk"))
    found: dict[str, Figures] = defaultdict(Figures)
    for product, memory, currency, *figures in _sum(rows.values_list("memory__product", "memory", "memory__currency")):
        found[str(product) if product else f"m{memory}"].add(currency, figures)
    for line in lines:
        line.before = found[line.key]


def _months(period: Period) -> "QuerySet[PriceMonth]":
    return PriceMonth.objects.filter(month__gte=period.first, month__lte=period.last).order_by()


def _sum(rows: "QuerySet[PriceMonth, Any]") -> Any:
    return rows.annotate(**{f"sum_{name}": Sum(name) for name in ("offered", "won", "lost", "value", "unvalued")})
