"""The filter of the list of proposals by a product in their price rows."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Product
from offorte_portal.adminkit.filters.ranges import describe_days
from offorte_portal.adminkit.filters.text import TextFilter
from offorte_portal.mirror import search
from offorte_portal.prices.models import PriceMemory, PriceUse
from offorte_portal.text.months import months_back

OUTCOMES = {"won": gettext_lazy("won"), "lost": gettext_lazy("lost")}
# So many proposals are looked up by key; with more, a list fills its page after checking a few rows.
FEW = 2_000


class ProductFilter(TextFilter):
    """Proposals that offer a product: by its key, by "m" and the key of a memory, or by words that find products.

    Reports' links say in `product_from` and `product_to` in which months, by their first days, and in `product_outcome`
    with what outcome.
    """

    title = gettext_lazy("Product")
    name = "product"
    suffixes = ("", "_from", "_to", "_outcome")
    permission = "catalog.view_product"

    def read(self) -> None:
        super().read()
        self.first, self.last = (self._month(f"product_{end}") for end in ("from", "to"))
        self.outcome = self.given.get("product_outcome", "")
        if self.outcome and self.outcome not in OUTCOMES:
            self.errors.append(_("“%s” isn’t a valid choice.") % self.outcome[:60])
        self.label = f"“{self.text}”"
        self.memories: QuerySet[PriceMemory] | None = self._find() if self.text else None

    def _month(self, name: str) -> date | None:
        text = self.given.get(name, "")
        try:
            return date.fromisoformat(text).replace(day=1) if text else None
        except ValueError:
            self.errors.append(_("“%(text)s” isn’t a date. Write it like 31-12-2026.") % {"text": text[:60]})
            return None

    def _find(self) -> QuerySet[PriceMemory]:
        kind, key = self.text[:1], self.text.removeprefix("m")
        if not key.isascii() or not key.isdecimal() or len(key) > 18:
            found = search.apply(Product._default_manager.all(), self.text).values("pk")
            return PriceMemory.objects.filter(product__in=found)
        if kind == "m":
            memories = PriceMemory.objects.filter(pk=int(key))
            row: PriceMemory | Product | None = memories.first()
        else:
            memories = PriceMemory.objects.filter(product=int(key))
            row = Product.objects.filter(pk=int(key)).only("name", "remote_id").first()
        if row is None:
            self.errors.append(_("Product %s doesn’t exist.") % self.text)
        self.label = str(row)
        return memories

    @property
    def value_text(self) -> str:
        """The product's name, with outcome and months where a report asks for them."""
        parts = [self.label, str(OUTCOMES.get(self.outcome, ""))]
        if self.first or self.last:
            last = months_back(self.last, -1) if self.last else None
            days = [date_format(day, "SHORT_DATE_FORMAT") if day else None for day in (self.first, last)]
            parts.append(describe_days(days[0], days[1]))
        return ", ".join(filter(None, parts))

    def restrict(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the proposals with such a row."""
        if self.memories is None:
            return queryset
        uses = PriceUse.objects.filter(memory__in=self.memories.order_by().values("pk")).order_by()
        if self.first:
            uses = uses.filter(month__gte=self.first)
        if self.last:
            uses = uses.filter(month__lte=self.last)
        if self.outcome:
            uses = uses.filter(outcome=self.outcome)
        if uses.values("pk")[: FEW + 1].count() <= FEW:
            return queryset.filter(pk__in=uses.values("proposal"))
        return queryset.filter(Exists(uses.filter(proposal=OuterRef("pk"))))
