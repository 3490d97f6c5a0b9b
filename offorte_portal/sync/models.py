"""A sync of one account: its results, its position, and its warnings."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.runs.reasons import ReasonField
from offorte_portal.runs.run import Run


class SyncRun(Run):
    """One reading of an account's lists and details. Its id is the generation that absence is judged by.

    `SyncPage` rows record what was seen.
    """

    class Trigger(models.TextChoices):
        CONNECT = "connect", pgettext_lazy("what started a sync", "Connected")
        SCHEDULE = "schedule", _("Schedule")
        PERSON = "person", _("Started by hand")
        COMMAND = "command", _("Command line")

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="sync_runs", verbose_name=_("account"))
    trigger = models.CharField(_("trigger"), max_length=10, choices=Trigger)
    only = models.JSONField(default=list, help_text=_("Names of the resources to sync; empty: all."))
    # For each resource: items, new, changed, removed, requests, and flags such as is_complete and is_refused.
    progress = models.JSONField(_("progress"), default=dict)
    # {resource: how many are absent}, if these are so many that a person has to agree before they are removed.
    held_removals = models.JSONField(default=dict)
    allows_mass_removal = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=0)

    class Meta(Run.Meta):
        verbose_name = _("sync")
        verbose_name_plural = _("syncs")
        constraints = [
            models.UniqueConstraint(
                fields=["connection"],
                condition=models.Q(state__in=["queued", "running", "waiting"]),
                name="sync_one_active_sync",
            )
        ]

    def __str__(self) -> str:
        return f"{self.connection} #{self.pk}"


class SyncPage(models.Model):
    """One page of a list as a run has seen it: the proof of which objects are present."""

    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="pages")
    resource = models.CharField(max_length=40)
    bucket = models.CharField(max_length=40, blank=True)
    number = models.PositiveIntegerField()
    requested_at = models.DateTimeField()
    # {resource: [remote_id, …]} of the page's own items and of those nested in them.
    seen = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "resource", "bucket", "number"], name="sync_syncpage_once")
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.bucket} page {self.number}"


class SyncWarning(models.Model):
    """A problem that a run met and continued after."""

    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="warnings")
    resource = models.CharField(_("resource"), max_length=40)
    remote_id = models.BigIntegerField(_("Offorte ID"), null=True)
    reason = ReasonField(_("message"))
    created_at = models.DateTimeField(default=ports.now, editable=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.reason)
