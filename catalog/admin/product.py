"""The list of products."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalog.admin.record import product_context
from catalog.forms import ProductForm
from catalog.models import Product, ProductDirectory, VatGroup
from offorte_portal.adminkit import columns
from offorte_portal.adminkit.additions import field_column
from offorte_portal.adminkit.admin import MirrorAdmin
from offorte_portal.adminkit.filters import RelatedFilter, RemovedFilter, YesNoFilter
from offorte_portal.adminkit.templatetags import portal

IMPORT = _("Import a price list")


class DirectoryFilter(RelatedFilter):
    title = _("Directory")
    name = column = "directory"
    related = ProductDirectory


class VatGroupFilter(RelatedFilter):
    title = _("VAT group")
    name = "vat"
    column = "vat_group"
    related = VatGroup


class PriceFilter(YesNoFilter):
    """Whether Offorte's price is known: its list of products has no prices."""

    title = _("Catalogue price known")
    name = "price"

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return queryset.filter(price__isnull=values == ["no"])


class OptionalFilter(YesNoFilter):
    title = _("Optional")
    name = "optional"

    def narrow(self, queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return queryset.filter(is_optional=values == ["yes"])


def price_import_url(model_admin: MirrorAdmin[Product], request: HttpRequest) -> str:
    """Return the page on which a price list is imported; "" for people who may not."""
    return reverse("upload_new", args=["products"]) if model_admin.has_add_permission(request) else ""


@admin.register(Product)
class ProductAdmin(MirrorAdmin[Product]):
    """Products of all accounts. A value that Offorte has not sent is shown as unknown, never as zero."""

    list_display = ("title", "price_text", "vat", "optional")
    list_only = (
        "name",
        "sku",
        "price",
        "is_optional",
        "directory__name",
        "directory__remote_id",
        "vat_group__name",
        "vat_group__remote_id",
    )
    more_columns = (
        field_column("sku", _("SKU")),
        field_column("directory__name", _("Directory"), name="directory_text"),
        field_column("remote_id", _("Offorte ID"), name="offorte_id"),
    )
    list_filter = (DirectoryFilter, VatGroupFilter, PriceFilter, OptionalFilter, RemovedFilter)
    search_fields = ("search_text",)
    search_help_text = _("Name, SKU")
    ordering = ("name_key",)
    card_columns = ("price_text",)
    record_related = ("connection", "directory", "vat_group")
    record_form = ProductForm
    new_title = _("New product")
    import_kind = "products"

    def record_context(self, request: HttpRequest, obj: Product) -> dict[str, Any]:
        return product_context(request, obj) | {"price_import_url": price_import_url(self, request)}

    @admin.display(description=_("Product"), ordering="name_key")
    def title(self, product: Product) -> SafeString:
        """Return the name, with SKU, directory and account on a second line."""
        directory = str(product.directory) if product.directory else ""
        return columns.two_lines(product, [product.sku, directory, columns.account_label(product)])

    def prepare_rows(self, request: HttpRequest, rows: list[Product]) -> None:
        """Let unknown prices lead to the import of a price list, for people who may import products."""
        url = price_import_url(self, request)
        for row in rows:
            row.price_import_url = url  # type: ignore[attr-defined]

    @admin.display(description=_("Catalogue price"), ordering="price")
    def price_text(self, product: Product) -> SafeString:
        """Return Offorte's price, or a dash where it is unknown."""
        if product.price is not None:
            return portal.money(product.price)
        url, dash = getattr(product, "price_import_url", ""), columns.unknown()
        link = '<a class="unknown-link" href="{}" title="{}" aria-label="{}">{}</a>'
        return format_html(link, url, IMPORT, IMPORT, dash) if url else dash

    @admin.display(description=_("VAT"))
    def vat(self, product: Product) -> SafeString | str:
        """Return the VAT group's name, or a dash where it is unknown."""
        return columns.text(str(product.vat_group)) if product.vat_group else columns.unknown()

    @admin.display(description=_("Optional"))
    def optional(self, product: Product) -> SafeString | str:
        """Return whether the prospect may leave the product out, or a dash where that is unknown."""
        if product.is_optional is None:
            return columns.unknown()
        return str(_("Yes") if product.is_optional else _("No"))
