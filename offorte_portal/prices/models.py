"""Price memory: the price rows of proposals as data, what they have in common, and to which products they belong.

All of it but `PriceGroup` is computed from the mirror and can be deleted at any time: `followers` computes it again.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from offorte_portal.connections.models import Connection
from proposals.models import Proposal

KEY_CHARACTERS = 100


class PriceFigures(models.Model):
    """How often proposals offered something, and how they ended; a proposal counts once, closed ones as undecided."""

    offered = models.PositiveIntegerField(default=0)
    won = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class PriceMemory(PriceFigures):
    """What the price rows of one identity tell, in one account and currency; prices with and without VAT apart.

    `key` is the identity of `identity.row_key`. `last_…` are those of the latest row with a price, `low` and `high` the
    range of all of them. `recent_…` are about the 30 days up to the latest.
    """

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=KEY_CHARACTERS)
    currency = models.CharField(max_length=20)
    includes_vat = models.BooleanField(default=False)
    # The product that it belongs to; None where there is none, or where several could be meant.
    product = models.ForeignKey(Product, models.SET_NULL, null=True, related_name="memories")
    # The first line of a row.
    label = models.CharField(max_length=200, default="")

    last_at = models.DateTimeField(null=True)
    last_price = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    last_vat = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    last_proposal = models.ForeignKey(Proposal, models.SET_NULL, null=True, related_name="+")
    low = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    high = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    recent_from = models.DateTimeField(null=True)
    recent_prices = models.PositiveIntegerField(default=0)
    recent_low = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    recent_high = models.DecimalField(max_digits=19, decimal_places=4, null=True)

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("remembered price")
        verbose_name_plural = _("remembered prices")
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "key", "currency", "includes_vat"], name="prices_memory_of_identity"
            )
        ]

    def __str__(self) -> str:
        return self.label or self.key


class PriceUse(models.Model):
    """A price row of a proposal. `price` is before the row's own discount; None if it is unknown or zero."""

    class Outcome(models.TextChoices):
        WON = "won"
        LOST = "lost"
        NONE = ""

    memory = models.ForeignKey(PriceMemory, models.CASCADE, related_name="uses", db_index=False)
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="price_uses")
    price = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    vat = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    quantity = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    discount = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    discount_type = models.CharField(max_length=20, default="")
    # The row's amount without VAT; None if it can't be told.
    value = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    at = models.DateTimeField()
    # The first day of the month of `at`, in the portal's time zone.
    month = models.DateField()
    outcome = models.CharField(max_length=4, choices=Outcome, default=Outcome.NONE, blank=True)
    # Set for one of the proposal's rows of the same product, see `counting`.
    counts = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(name="prices_use_latest", fields=["memory", "at", "proposal"]),
            models.Index(name="prices_use_month", fields=["memory", "month"]),
        ]

    def __str__(self) -> str:
        return f"{self.price} ({self.at:%Y-%m-%d})"


class PriceMonth(PriceFigures):
    """The uses of a memory in one month. `value` is what was won; `unvalued` rows were won at an unknown amount."""

    memory = models.ForeignKey(PriceMemory, models.CASCADE, related_name="months", db_index=False)
    month = models.DateField()
    value = models.DecimalField(max_digits=25, decimal_places=4, default=0)
    unvalued = models.PositiveIntegerField(default=0)
    low = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    high = models.DecimalField(max_digits=19, decimal_places=4, null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["memory", "month"], name="prices_month_once")]
        indexes = [models.Index(name="prices_month_of_report", fields=["month", "memory"])]

    def __str__(self) -> str:
        return f"{self.month}: {self.offered}"


class PriceDue(models.Model):
    """A month of a memory whose uses have changed: noted along with the change, deleted when it is added up."""

    memory = models.ForeignKey(PriceMemory, models.CASCADE, related_name="+", db_index=False)
    month = models.DateField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["memory", "month"], name="prices_due_once")]

    def __str__(self) -> str:
        return str(self.month)


class ProductKey(models.Model):
    """A key under which price rows of a product may be remembered; a former one is of an earlier name or SKU."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="price_keys", db_index=False)
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=KEY_CHARACTERS)
    is_current = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["product", "key"], name="prices_key_of_product")]
        indexes = [models.Index(name="prices_key_of_account", fields=["connection", "key"])]

    def __str__(self) -> str:
        return self.key


class ProductMemory(PriceFigures):
    """What the list shows of a product: the latest price of its memories, and the figures of all of them."""

    product = models.OneToOneField(Product, models.CASCADE, primary_key=True, related_name="memory")
    price = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    currency = models.CharField(max_length=20, default="")
    includes_vat = models.BooleanField(default=False)
    proposal = models.ForeignKey(Proposal, models.SET_NULL, null=True, related_name="+")
    used_at = models.DateTimeField(_("last used"), null=True)
    # The percentage won of those decided; None without any.
    share = models.FloatField(_("won share"), null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(name="prices_product_by_price", fields=["price", "product"]),
            models.Index(name="prices_product_by_offered", fields=["offered", "product"]),
            models.Index(name="prices_product_by_share", fields=["share", "product"]),
            models.Index(name="prices_product_by_used", fields=["used_at", "product"]),
        ]

    def __str__(self) -> str:
        return str(self.price)


class PriceGroup(models.Model):
    """Accounts whose remembered prices may be used for each other."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    connections = models.ManyToManyField(Connection, related_name="price_groups", verbose_name=_("accounts"))

    class Meta:
        default_permissions = ("view", "change")
        ordering = ["name"]
        verbose_name = _("accounts that share prices")
        verbose_name_plural = _("accounts that share prices")

    def __str__(self) -> str:
        return self.name
