"""The price tables in a proposal's details."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from proposals.models.proposal import Proposal


class PriceTable(models.Model):
    """A price table of a proposal (`content.pricetables`)."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="price_tables")
    key = models.TextField(_("unique ID"))
    position = models.PositiveIntegerField()
    subtotal = models.DecimalField(_("subtotal"), max_digits=19, decimal_places=4, null=True)
    total = models.DecimalField(_("total"), max_digits=19, decimal_places=4, null=True)
    vat_default_percentage = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    is_vat_hidden = models.BooleanField(null=True)
    rows_include_vat = models.BooleanField(null=True)
    # [{"percentage", "total", "group_name"}] with amounts as decimal strings.
    vat_lines = models.JSONField(default=list)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["proposal", "position"], name="proposals_pricetable_position")]

    def __str__(self) -> str:
        return self.key


class PriceRow(models.Model):
    """A row of a price table, of one of four types.

    `content` is HTML written by people: sanitise it before showing it.
    """

    class Type(models.TextChoices):
        PRICE = "price", _("Price")
        DISCOUNT = "discount", _("Discount")
        SUBTOTAL = "subtotal", _("Subtotal")
        TITLE = "title", _("Title")

    table = models.ForeignKey(PriceTable, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    type = models.CharField(_("type"), max_length=20, choices=Type, default="")
    content = models.TextField(_("description"), default="")
    count = models.DecimalField(_("quantity"), max_digits=19, decimal_places=4, null=True)
    price = models.DecimalField(_("price"), max_digits=19, decimal_places=4, null=True)
    subtotal = models.DecimalField(_("amount"), max_digits=19, decimal_places=4, null=True)
    vat_percentage = models.DecimalField(_("VAT"), max_digits=9, decimal_places=4, null=True)
    discount = models.DecimalField(_("discount"), max_digits=19, decimal_places=4, null=True)
    discount_type = models.CharField(_("discount type"), max_length=20, default="")  # "amount", "percentage" or ""
    product_remote_id = models.BigIntegerField(_("product"), null=True)
    sku = models.TextField(_("SKU"), default="")
    # Whether the prospect may choose the row, has it (pre)chosen, and may change the quantity.
    userinput_optional = models.BooleanField(_("optional"), null=True)
    userinput_optional_checked = models.BooleanField(_("chosen"), null=True)
    userinput_count = models.BooleanField(_("quantity by prospect"), null=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["table", "position"], name="proposals_pricerow_position")]

    def __str__(self) -> str:
        return f"{self.type} {self.position}"
