"""What remembered prices add to the list of products."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from offorte_portal.adminkit import columns
from offorte_portal.adminkit.additions import ListColumn
from offorte_portal.adminkit.filters import ChoicesFilter, DatesFilter
from offorte_portal.adminkit.money import write_amount
from offorte_portal.prices.memory import VIEW
from offorte_portal.prices.models import ProductMemory
from offorte_portal.prices.pages.words import say_basis, say_share, say_source


def _memory(product: Product) -> ProductMemory | None:
    memory: ProductMemory | None = getattr(product, "memory", None)
    return memory


def show_price(product: Product) -> SafeString:
    """Return the last price, and below it where it is from."""
    memory = _memory(product)
    if memory is None or memory.price is None:
        return columns.unknown()
    proposal = memory.proposal
    source = say_source((proposal.number or str(proposal)) if proposal else "")
    basis = say_basis(includes_vat=True) if memory.includes_vat else ""
    return format_html(
        '<span class="money">{}</span><span class="cell-sub right" dir="auto">{}</span>',
        write_amount(memory.price, memory.currency),
        " · ".join(filter(None, [basis, source])),
    )


def show_offered(product: Product) -> SafeString:
    memory = _memory(product)
    return columns.number(memory.offered if memory else 0)


def show_share(product: Product) -> SafeString:
    memory = _memory(product)
    if memory is None or memory.share is None:
        return columns.unknown()
    return format_html('<span class="number">{}</span>', say_share(memory.won, memory.lost))


def show_used(product: Product) -> SafeString:
    memory = _memory(product)
    return columns.day(memory.used_at if memory else None)


COLUMNS = (
    ListColumn(
        name="last_price",
        title=_("Last price"),
        show=show_price,
        after="price_text",
        reads=(
            *("memory__price", "memory__currency", "memory__includes_vat"),
            *("memory__proposal__number", "memory__proposal__name", "memory__proposal__remote_id"),
        ),
        ordering="memory__price",
        permission=VIEW,
    ),
    ListColumn(
        name="offered",
        title=_("Offered"),
        show=show_offered,
        after="last_price",
        reads=("memory__offered",),
        ordering="memory__offered",
        permission=VIEW,
    ),
    ListColumn(
        name="won_share",
        title=_("Won share"),
        show=show_share,
        after="offered",
        reads=("memory__share", "memory__won", "memory__lost"),
        ordering="memory__share",
        permission=VIEW,
    ),
    ListColumn(
        name="last_used",
        title=_("Last used"),
        show=show_used,
        after="won_share",
        reads=("memory__used_at",),
        ordering="memory__used_at",
        permission=VIEW,
    ),
)


class OfferedFilter(ChoicesFilter):
    """Whether any proposal has offered the product, and whether a price is known from one."""

    title = _("Offered before")
    name = "offered"
    permission = VIEW
    options = (
        ("yes", _("Yes")),
        ("no", _("Never offered")),
        ("priceless", _("No price known, from the catalogue or a proposal")),
    )

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        if values == ["priceless"]:
            return queryset.filter(price__isnull=True, memory__price__isnull=True)
        is_offered = Q(memory__offered__gt=0)
        return queryset.filter(is_offered) if values == ["yes"] else queryset.exclude(is_offered)


class LastUsedFilter(DatesFilter):
    title = _("Last used")
    name = "used"
    permission = VIEW
    column = "memory__used_at"


FILTERS = (OfferedFilter, LastUsedFilter)
