"""Products, product directories and VAT groups, as Offorte has them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from offorte_portal.mirror.models import Mirrored, list_index, removed_index, sort_key


class VatGroup(Mirrored):
    """A VAT rate with a name (GET /settings/vat-groups/)."""

    name = models.TextField(_("name"), default="")
    vat = models.DecimalField(_("rate"), max_digits=9, decimal_places=4, null=True, help_text=_("Percent."))
    label = models.TextField(_("label"), default="")

    class Meta(Mirrored.Meta):
        verbose_name = _("VAT group")
        verbose_name_plural = _("VAT groups")

    def __str__(self) -> str:
        return self.name or f"#{self.remote_id}"


class ProductDirectory(Mirrored):
    """A directory of products (GET /products/directories)."""

    name = models.TextField(_("name"), default="")
    # See `Product.told_at`.
    told_at = models.JSONField(default=dict, editable=False)

    class Meta(Mirrored.Meta):
        verbose_name = _("product directory")
        verbose_name_plural = _("product directories")

    def __str__(self) -> str:
        return self.name or f"#{self.remote_id}"


class Product(Mirrored):
    """A product (GET /products/:directory_id/).

    Offorte's list has only id and name. The other columns are null until Offorte sends them in another way; null means
    unknown, never zero.
    """

    directory = models.ForeignKey(
        ProductDirectory, models.SET_NULL, null=True, related_name="products", verbose_name=_("directory")
    )
    directory_remote_id = models.BigIntegerField(null=True)
    vat_group = models.ForeignKey(
        VatGroup, models.SET_NULL, null=True, related_name="products", verbose_name=_("VAT group")
    )
    vat_remote_id = models.BigIntegerField(null=True)
    name = models.TextField(_("name"), default="")
    sku = models.TextField(_("SKU"), null=True)
    price = models.DecimalField(_("price"), max_digits=19, decimal_places=4, null=True)
    is_optional = models.BooleanField(_("optional"), null=True)
    descr_short = models.TextField(_("description"), null=True)
    search_text = models.TextField(default="", editable=False)
    name_key = sort_key("name")
    # For each of Offorte's keys the time of the newest event that held it: older news never overwrites it.
    told_at = models.JSONField(default=dict, editable=False)

    class Meta(Mirrored.Meta):
        permissions = [("reprice_product", gettext_noop("Can change the prices of many products at once"))]
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [
            list_index("catalog_product_by_name", "name_key"),
            list_index("catalog_product_by_price", "price"),
            list_index("catalog_product_by_remote_id", "remote_id"),
            removed_index("catalog_product_removed"),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.remote_id}"
