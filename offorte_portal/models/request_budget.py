"""The requests that an account's budget has granted of late."""

from django.db import models

from offorte_portal.models.connection import Connection


class RequestBudget(models.Model):
    """One row per account, changed by compare-and-swap on `version` only: see services/budget.py."""

    connection = models.OneToOneField(Connection, models.CASCADE, related_name="budget", primary_key=True)
    # [epoch seconds, lane] of the requests granted within the window, oldest first.
    granted = models.JSONField(default=list)
    # Epoch seconds: no request before this moment, since Offorte answered 429.
    paused_until = models.FloatField(default=0)
    # Epoch seconds of the last sign of a person who uses the portal.
    person_seen = models.FloatField(default=0)
    version = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"Request budget of {self.connection_id}"
