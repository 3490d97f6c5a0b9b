"""The lists of product directories and VAT groups."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalog.admin.deletion import CHANGE_PRODUCT, DirectoryDeletion, other_directories, products_in
from catalog.admin.record import directory_context, vat_group_context
from catalog.forms import DirectoryForm
from catalog.models import Product, ProductDirectory, VatGroup
from offorte_portal.adminkit import columns
from offorte_portal.adminkit.admin import MirrorAdmin, Row


class ProductGroupAdmin(MirrorAdmin[Row]):
    """A list of what products are grouped by, with the number of products; `group` is the product's column."""

    list_only: ClassVar[tuple[str, ...]] = ("name",)
    search_fields = ["name"]
    ordering = ("name",)
    card_columns = ("product_count",)
    group: str

    def get_page_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count products only for the rows of one page."""
        products = Product.objects.filter(**{self.group: OuterRef("pk"), "removed_at__isnull": True})
        number = products.order_by().values(self.group).annotate(n=Count("pk")).values("n")
        return super().get_page_queryset(request).annotate(product_number=Coalesce(Subquery(number), 0))

    @admin.display(description=_("name"), ordering="name")
    def title(self, row: Any) -> SafeString:
        """Return the name, with the account's label where the list shows several."""
        return columns.two_lines(row, [columns.account_label(row)])

    @admin.display(description=_("Products"))
    def product_count(self, row: Any) -> SafeString:
        return columns.number(row.product_number)


@admin.register(ProductDirectory)
class ProductDirectoryAdmin(ProductGroupAdmin[ProductDirectory]):
    """The list of product directories."""

    list_display = ["title", "product_count"]
    group = "directory"
    record_form = DirectoryForm
    record_delete_template = "catalog/directory_delete.html"

    def make_deletion(self, request: HttpRequest, obj: ProductDirectory) -> DirectoryDeletion:
        """Return a deletion that first moves the directory's products."""
        return DirectoryDeletion(self, request, obj)

    def deletion_context(self, request: HttpRequest, obj: ProductDirectory) -> dict[str, Any]:
        """Return the number of products in the directory, and where they can be moved to."""
        count, others = products_in(obj).count(), list(other_directories(obj))
        may_move = request.user.has_perm(CHANGE_PRODUCT)
        can_delete = count == 0 or (may_move and bool(others))
        return {
            "product_count": count,
            "other_directories": others,
            "may_move": may_move,
            "can_delete": can_delete,
        }

    def record_context(self, request: HttpRequest, obj: ProductDirectory) -> dict[str, Any]:
        return directory_context(request, obj)


@admin.register(VatGroup)
class VatGroupAdmin(ProductGroupAdmin[VatGroup]):
    """The list of VAT groups."""

    list_display = ["title", "rate", "product_count"]
    list_only = ("name", "vat", "label")
    group = "vat_group"

    def record_context(self, request: HttpRequest, obj: VatGroup) -> dict[str, Any]:
        return vat_group_context(request, obj)

    @admin.display(description=_("rate"))
    def rate(self, group: VatGroup) -> SafeString:
        """Return the percentage, or a dash where it is unknown."""
        if group.vat is None:
            return columns.unknown()
        return format_html('<span class="number">{}%</span>', number_format(group.vat.normalize(), use_l10n=True))
