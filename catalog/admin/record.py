"""What the pages of products, directories and VAT groups show. They read only the mirror."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Product, ProductDirectory, VatGroup
from offorte_portal.adminkit import records
from offorte_portal.adminkit.html import sanitise
from offorte_portal.adminkit.records import fact, field_facts, record_link
from offorte_portal.adminkit.templatetags import portal

SHOWN = 50


def product_context(request: HttpRequest, product: Product) -> dict[str, Any]:
    """Return the context of `admin/catalog/product/change_form.html`; missing values are shown as unknown."""
    directory, vat_group = product.directory, product.vat_group
    facts = [
        fact(_("Catalogue price"), None if product.price is None else portal.money(product.price)),
        fact(_("VAT group"), record_link(request.user, vat_group) if vat_group else None),
        *field_facts(product, "sku", "is_optional"),
        fact(_("Directory"), record_link(request.user, directory) if directory else None),
    ]
    description = product.descr_short
    return {
        **records.shared_context(request, product),
        "facts": facts,
        "description": description if description is None else sanitise(description),
    }


def directory_context(request: HttpRequest, directory: ProductDirectory) -> dict[str, Any]:
    """Return the context of `admin/catalog/change_form.html` for a directory."""
    is_there = directory.removed_at is None and not directory.is_hidden
    may_add = is_there and request.user.has_perm("catalog.add_product")
    return {
        **records.shared_context(request, directory),
        **_products(request, directory.products.all()),
        "add_product_url": f"{reverse('admin:catalog_product_add')}?directory={directory.pk}" if may_add else "",
    }


def vat_group_context(request: HttpRequest, group: VatGroup) -> dict[str, Any]:
    """Return the context of `admin/catalog/change_form.html` for a VAT group."""
    return {
        **records.shared_context(request, group),
        **_products(request, group.products.all()),
        "facts": [
            fact(_("Rate"), None if group.vat is None else f"{records.write(group.vat)}%"),
            *field_facts(group, "label"),
        ],
    }


def _products(request: HttpRequest, products: QuerySet[Product]) -> dict[str, Any]:
    """Return the first products by name, None for users who may not see products; `has_more` if there are others."""
    if not records.list_url(request.user, Product):
        return {"products": None}
    present = products.filter(removed_at__isnull=True).order_by("name_key").defer("payload", "search_text")
    shown = list(present[: SHOWN + 1])
    return {"products": shown[:SHOWN], "has_more": len(shown) > SHOWN}
