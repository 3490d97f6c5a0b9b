"""The base of long reads from Offorte and other systems: they survive interruptions, and can be cancelled."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal import ports
from offorte_portal.runs.reasons import ReasonField


class Run(models.Model):
    """One read, in steps that survive a crash: `checkpoint` says where to go on."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        WAITING = "waiting", _("Waiting to retry")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    ACTIVE: ClassVar = (State.QUEUED, State.RUNNING, State.WAITING)

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("started by")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    reason = ReasonField(_("reason"))
    is_cancel_requested = models.BooleanField(default=False)
    checkpoint = models.JSONField(default=dict)

    failures = models.PositiveIntegerField(default=0)
    lease = models.CharField(max_length=36, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(_("next attempt"), null=True)
    created_at = models.DateTimeField(_("requested"), default=ports.now, editable=False)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        abstract = True
        ordering = ["-id"]

    @property
    def is_active(self) -> bool:
        """Whether it has not ended yet."""
        return self.state in self.ACTIVE
