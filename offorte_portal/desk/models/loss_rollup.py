"""Sums of explained losses by month, seller, template, reason and competitor, and the losses that are in none yet."""

from django.db import models

from offorte_portal.connections.models import Connection
from offorte_portal.tracking.models import Loss
from offorte_portal.tracking.models.loss import COMPETITOR_LENGTH


class LossRollup(models.Model):
    """The lost proposals of one account and month of decision that people gave the same reason and competitor."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", db_index=False)
    month = models.DateField()
    owner_key = models.CharField(max_length=80, default="")
    template = models.BigIntegerField(default=0)
    # Key of the reason; 0 for another one, in words.
    reason = models.BigIntegerField(default=0)
    competitor_key = models.CharField(max_length=COMPETITOR_LENGTH, default="")
    competitor = models.CharField(max_length=COMPETITOR_LENGTH, default="")

    count = models.PositiveIntegerField(default=0)
    value = models.DecimalField(max_digits=19, decimal_places=4, null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            # They hold all that the report reads.
            models.Index(
                name="loss_rollup_of_month",
                fields=["month", "connection", "owner_key", "template", "reason", "count", "value"],
            ),
            models.Index(
                name="loss_rollup_of_competitor",
                fields=["month", "connection", "owner_key", "competitor_key", "reason", "count", "value", "competitor"],
                condition=~models.Q(competitor_key=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.reason}: {self.count}"


class PendingLoss(models.Model):
    """A loss that was in no sum of its month, because the change that made it was not done: reports look at it."""

    loss = models.OneToOneField(Loss, models.CASCADE, primary_key=True, related_name="+")
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", db_index=False)
    month = models.DateField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(name="pending_loss_of_month", fields=["connection", "month"])]

    def __str__(self) -> str:
        return f"{self.loss_id} {self.month}"
