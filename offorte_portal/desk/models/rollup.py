"""Sums of stats by month, seller and template, so that no page adds up half a million rows."""

from django.db import models

from offorte_portal.connections.models import Connection


class Rollup(models.Model):
    """The proposals of one account, month, seller, template and status, as of the last rebuild."""

    class Basis(models.TextChoices):
        CREATED = "created"
        DECIDED = "decided"
        SENT = "sent"

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", db_index=False)
    # Which moment `month` is the month of; null if that is unknown.
    basis = models.CharField(max_length=10, choices=Basis)
    month = models.DateField(null=True)
    owner_key = models.CharField(max_length=80, default="")
    template = models.BigIntegerField(default=0)
    status = models.CharField(max_length=20, default="")

    count = models.PositiveIntegerField(default=0)
    value = models.DecimalField(max_digits=19, decimal_places=4, default=0)
    # How many of the counted proposals have no known value, were sent, were seen.
    unvalued = models.PositiveIntegerField(default=0)
    sent = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    # How many open ones were seen and not answered, and their value.
    silent = models.PositiveIntegerField(default=0)
    silent_value = models.DecimalField(max_digits=19, decimal_places=4, default=0)
    # {hours: proposals}, from sending to the first view (by month of creation or sending) or to the signature (by
    # decision); and to the signature by month of sending.
    hours = models.JSONField(default=dict)
    sign_hours = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(name="rollup_of_account", fields=["connection", "basis", "month"]),
            models.Index(name="rollup_of_month", fields=["basis", "month", "owner_key"]),
            models.Index(name="rollup_of_status", fields=["basis", "status", "owner_key", "connection"]),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.status}: {self.count}"


class RollupDue(models.Model):
    """A month whose sums are outdated: noted along with the change, deleted when they are rebuilt."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", db_index=False)
    basis = models.CharField(max_length=10, choices=Rollup.Basis)
    month = models.DateField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.basis} {self.month}"
