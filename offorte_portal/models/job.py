"""A person's bulk action: one decision, many writes to Offorte."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class Job(models.Model):
    """What was chosen, frozen as ids when it was confirmed, and how far it has come.

    The worker turns the selection into operations, a batch at a time (`planned` of `selection` so far); what is to be
    skipped becomes an operation in state SKIPPED with its reason.
    """

    class State(models.TextChoices):
        PLANNING = "planning", _("Being prepared")
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    ACTIVE: ClassVar = (State.PLANNING, State.RUNNING, State.PAUSED)

    action = models.CharField(_("action"), max_length=60, help_text=_("Name in the registry of actions."))
    options = models.JSONField(_("options"), default=dict, help_text=_("What was chosen on the confirm page."))
    # Keys of the selected rows.
    selection = models.JSONField(default=list)
    planned = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField(_("items"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNING)
    reason = models.TextField(_("reason"), blank=True, default="")
    undoes = models.ForeignKey("self", models.SET_NULL, null=True, related_name="undoings", verbose_name=_("undoes"))

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("started by")
    )
    requested_by_name = models.CharField(_("started by"), max_length=150, blank=True, default="")
    # One for each confirm page that was opened: confirmed twice, it is one job.
    key = models.UUIDField(unique=True, editable=False)
    # When an operation of it went out last: whose turn is longest ago is served next.
    served_at = models.DateTimeField(null=True)
    # How often a process has begun to plan it since it last got on.
    attempts = models.PositiveIntegerField(default=0)
    lease = models.CharField(max_length=36, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        permissions = [("view_others_jobs", gettext_noop("Can see and control the jobs of others"))]
        indexes = [
            models.Index(
                name="job_active", fields=["state"], condition=models.Q(state__in=["planning", "running", "paused"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} #{self.pk}"

    @property
    def is_active(self) -> bool:
        """Whether the job has not ended yet."""
        return self.state in self.ACTIVE
