"""Remembered prices in exported lists of products."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from offorte_portal.files.exports.cells import yes_or_no
from offorte_portal.files.exports.sheets import Column, ColumnKind, Value, extend
from offorte_portal.prices.memory import VIEW
from offorte_portal.prices.models import ProductMemory


def of_memory(read: Callable[[ProductMemory], Value]) -> Callable[[Product], Value]:
    """Return a function that reads a value of the product's memory; None without one."""

    def value(product: Product) -> Value:
        memory: ProductMemory | None = getattr(product, "memory", None)
        return read(memory) if memory else None

    return value


def share(memory: ProductMemory) -> int | None:
    """Return the percentage won of those won and lost; None if there are neither."""
    return None if memory.share is None else round(memory.share)


def source(memory: ProductMemory) -> str | None:
    return (memory.proposal.number or str(memory.proposal)) if memory.proposal else None


extend(
    "catalog.product",
    Column(
        "last_price",
        _("Last price"),
        of_memory(lambda memory: memory.price),
        ColumnKind.MONEY,
        ("memory__price",),
        "last_price",
        permission=VIEW,
    ),
    Column(
        "last_currency",
        _("Currency of the last price"),
        of_memory(lambda memory: memory.currency),
        reads=("memory__currency",),
        cell="last_price",
        permission=VIEW,
    ),
    Column(
        "last_includes_vat",
        _("Last price includes VAT"),
        of_memory(lambda memory: yes_or_no(memory.includes_vat)),
        reads=("memory__includes_vat",),
        cell="last_price",
        permission=VIEW,
    ),
    Column(
        "last_proposal",
        _("Last price from"),
        of_memory(source),
        reads=("memory__proposal__number", "memory__proposal__name", "memory__proposal__remote_id"),
        cell="last_price",
        permission=VIEW,
    ),
    Column(
        "offered",
        _("Times offered"),
        of_memory(lambda memory: memory.offered),
        ColumnKind.NUMBER,
        ("memory__offered",),
        "offered",
        permission=VIEW,
    ),
    Column(
        "won_share",
        _("Won share in percent"),
        of_memory(share),
        ColumnKind.NUMBER,
        ("memory__share",),
        "won_share",
        permission=VIEW,
    ),
    Column(
        "last_used",
        _("Last used"),
        of_memory(lambda memory: memory.used_at),
        ColumnKind.MOMENT,
        ("memory__used_at",),
        "last_used",
        permission=VIEW,
    ),
    after="price",
)
