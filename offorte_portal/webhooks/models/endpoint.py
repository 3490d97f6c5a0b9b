"""The address that Offorte posts an account's events to, and the state of its webhook."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal.connections.encryption import EncryptedTextField
from offorte_portal.connections.models import Connection
from offorte_portal.runs.reasons import ReasonField


class WebhookEndpoint(models.Model):
    """The secret of one account's address, and what the last check of its webhook at Offorte found.

    An endpoint is looked up by the hash of its secret; the secret itself is needed only to give Offorte the address.
    """

    class State(models.TextChoices):
        NEW = "new", _("Not registered yet")
        ACTIVE = "active", _("Active")
        BROKEN = "broken", _("Not working")

    connection = models.OneToOneField(Connection, models.CASCADE, primary_key=True, related_name="webhook_endpoint")
    token = EncryptedTextField()
    token_hash = models.CharField(max_length=64, unique=True)
    # After a rotation, the previous address stays valid until then.
    previous_hash = models.CharField(max_length=64, default="", db_index=True)
    previous_until = models.DateTimeField(null=True)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    reason = ReasonField(_("reason"))
    remote_id = models.BigIntegerField(_("Offorte ID"), null=True)
    checked_at = models.DateTimeField(_("checked"), null=True)
    # When the administrators were mailed about the current trouble; None while all is well.
    alerted_at = models.DateTimeField(null=True)
    # When received events were last processed.
    heard_at = models.DateTimeField(_("last event"), null=True)

    # What was stored in the hour from `intake_hour`, as far as processes have added it (`webhooks/intake.py`).
    intake_hour = models.DateTimeField(null=True)
    intake_events = models.PositiveIntegerField(default=0)
    intake_bytes = models.BigIntegerField(default=0)
    # How many events were not stored since a sync last made up for some, when the first of these was recorded, and when
    # a sync was started to make up for them.
    missed_events = models.PositiveIntegerField(_("events that were not kept"), default=0)
    missed_at = models.DateTimeField(null=True)
    made_up_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("webhook address")
        verbose_name_plural = _("webhook addresses")

    def __str__(self) -> str:
        return str(self.connection_id)
