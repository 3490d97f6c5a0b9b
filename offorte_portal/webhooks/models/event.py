"""The events that Offorte posted, stored as received. The rows that are not settled yet are the queue."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.runs.reasons import ReasonField


class WebhookEvent(models.Model):
    """One body that was posted to an account's address, and its result.

    It is stored before it is parsed; the drain fills in what it says.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        APPLIED = "applied", _("Applied, to be confirmed")
        DONE = "done", _("Done")
        IGNORED = "ignored", _("Ignored")
        FAILED = "failed", _("Failed")

    # Not settled yet.
    OPEN: ClassVar = (State.RECEIVED, State.APPLIED)
    # The body of a settled event is emptied after this long.
    BODY_KEPT: ClassVar = timedelta(days=7)

    connection = models.ForeignKey(
        Connection, models.CASCADE, related_name="webhook_events", verbose_name=_("account"), db_index=False
    )
    body = models.BinaryField(_("body"))
    # Hash of the body, so that the same event sent twice is one row.
    digest = models.CharField(max_length=32)
    received_at = models.DateTimeField(_("received"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVED)

    name = models.CharField(_("event"), max_length=60, default="", help_text=_("Offorte’s name for it."))
    happened_at = models.DateTimeField(_("happened"), null=True)
    resource = models.CharField(max_length=40, default="")
    remote_id = models.BigIntegerField(_("Offorte ID"), null=True)
    # Offorte's id of a person's company.
    parent_remote_id = models.BigIntegerField(null=True)
    # Whether it may change values of the object that only Offorte's list has.
    needs_list_item = models.BooleanField(default=False)

    result = ReasonField(_("result"))
    error = ReasonField(_("error"), help_text=_("With its traceback."))
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    retry_at = models.DateTimeField(_("next attempt"), null=True)
    applied_at = models.DateTimeField(_("applied"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("webhook event")
        verbose_name_plural = _("webhook events")
        permissions = [("replay_webhookevent", gettext_noop("Can process a webhook event again"))]
        constraints = [models.UniqueConstraint(fields=["connection", "digest"], name="webhooks_event_once")]
        indexes = [
            models.Index(
                name="event_open",
                fields=["connection", "state", "id"],
                condition=models.Q(state__in=["received", "applied", "failed"]),
            ),
            models.Index(
                name="event_of_object",
                fields=["connection", "resource", "remote_id"],
                condition=models.Q(remote_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name or _('Event')} #{self.pk}"

    @property
    def has_lost_body(self) -> bool:
        """Whether its body was emptied because the event is old."""
        return not self.body and not self.is_open and self.received_at < ports.now() - self.BODY_KEPT

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state in self.OPEN
