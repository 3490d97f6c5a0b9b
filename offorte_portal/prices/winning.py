"""Which products win: how often they were offered in a period, how often they were won, and for how much.

A month counts the proposals that were created in it, whatever became of them later. Amounts are those of the won rows,
without VAT and after their discounts.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum

from catalog.models import Product
from offorte_portal.prices.models import PriceMonth
from offorte_portal.text.worth import Worth

# Fewer decided proposals say nothing about how often a product wins.
ENOUGH = 5
# Of the rows that are of no product, a page reads so many of those that were offered most.
MOST_LOOSE = 500


@dataclass
class ProductLine:
    """The figures of a product, or of price rows with the same text that are of none.

    `key` is what the list of proposals is filtered by.
    """

    key: str
    label: str
    product_id: int | None = None
    offered: int = 0
    won: int = 0
    lost: int = 0
    value: Worth = field(default_factory=Worth)

    @property
    def decided(self) -> int:
        return self.won + self.lost

    @property
    def share(self) -> float | None:
        """The percentage won of those won and lost; None if there are neither."""
        return 100 * self.won / self.decided if self.decided else None


def read(accounts: Collection[int], first: date, last: date, most_loose: int | None = None) -> list[ProductLine]:
    """Return a line for each product that was offered in these months, given by their first days. Three queries.

    Of rows that are of no product there are `most_loose` lines at most, those that were offered most.
    """
    months = PriceMonth.objects.filter(memory__connection__in=accounts, month__gte=first, month__lte=last).order_by()
    products = _sum(months.filter(memory__product__isnull=False).values_list("memory__product_id", "memory__currency"))
    loose = months.filter(memory__product__isnull=True)
    rows = _sum(loose.values_list("memory_id", "memory__currency", "memory__label")).order_by("-offered", "memory_id")
    lines: dict[str, ProductLine] = {}
    for product, currency, *figures in products:
        _add(lines.setdefault(str(product), ProductLine(str(product), "", product)), currency, figures)
    for memory, currency, label, *figures in rows[:most_loose]:
        _add(lines.setdefault(f"m{memory}", ProductLine(f"m{memory}", label)), currency, figures)
    named = Product.objects.filter(pk__in=[line.product_id for line in lines.values() if line.product_id])
    names = {row.pk: str(row) for row in named.only("name", "remote_id").order_by("pk")}
    for line in lines.values():
        line.label = names.get(line.product_id or 0, line.label)
    return [line for line in lines.values() if line.offered]


def _sum(months: "QuerySet[PriceMonth, Any]") -> "QuerySet[PriceMonth, Any]":
    sums = {f"sum_{name}": Sum(name) for name in ("won", "lost", "value", "unvalued")}
    return months.annotate(offered=Sum("offered"), **sums)


def _add(line: ProductLine, currency: str, figures: list[Any]) -> None:
    offered, won, lost, value, unvalued = figures
    line.offered += offered
    line.won += won
    line.lost += lost
    line.value.add(currency, value, unvalued)
