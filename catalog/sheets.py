"""The lists of products, directories and VAT groups as export sheets."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, ProductDirectory, VatGroup
from offorte_portal.files.exports.columns import account, linked, mirrored, told
from offorte_portal.files.exports.sheets import Column, ColumnKind, Sheet, register
from proposals.currencies import DEFAULT_CURRENCY


def count_products(group: str) -> Callable[[QuerySet[Any]], QuerySet[Any]]:
    """Return a function that annotates rows with their number of products; `group` is the product's foreign key."""

    def count(rows: QuerySet[Any]) -> QuerySet[Any]:
        products = Product.objects.filter(**{group: OuterRef("pk"), "removed_at__isnull": True})
        number = products.order_by().values(group).annotate(n=Count("pk")).values("n")
        annotated: QuerySet[Any] = rows.annotate(product_number=Coalesce(Subquery(number), 0))
        return annotated

    return count


PRODUCT_NUMBER = Column(
    "product_number", _("Products"), lambda row: row.product_number, ColumnKind.NUMBER, cell="product_count"
)


def currency(product: Product) -> str | None:
    """Return the currency that the lists show, as Offorte's products have none; None without a price."""
    return None if product.price is None else DEFAULT_CURRENCY


SHEETS = (
    Sheet(
        Product,
        (
            told(Product, "name", cell="title", kind=ColumnKind.LONG),
            told(Product, "sku", cell="title"),
            linked("directory", _("Directory"), "name", "remote_id", cell="title"),
            account(cell="title"),
            Column("currency", _("Currency"), currency, reads=("price",), cell="price_text"),
            told(Product, "price", cell="price_text", kind=ColumnKind.MONEY),
            linked("vat_group", _("VAT group"), "name", "remote_id", cell="vat"),
            told(Product, "is_optional", cell="optional"),
            told(Product, "descr_short", kind=ColumnKind.LONG),
            *mirrored(Product),
        ),
    ),
    Sheet(
        ProductDirectory,
        (
            told(ProductDirectory, "name", cell="title"),
            account(cell="title"),
            PRODUCT_NUMBER,
            *mirrored(ProductDirectory),
        ),
        count_products("directory"),
    ),
    Sheet(
        VatGroup,
        (
            told(VatGroup, "name", cell="title"),
            account(cell="title"),
            told(VatGroup, "vat", cell="rate", label=_("Rate in percent")),
            PRODUCT_NUMBER,
            told(VatGroup, "label"),
            *mirrored(VatGroup),
        ),
        count_products("vat_group"),
    ),
)

register(*SHEETS)
