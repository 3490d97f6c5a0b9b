"""A person's bulk action: one decision, many writes to Offorte."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from offorte_portal.writes.models import Batch


class Job(Batch):
    """The selection and the options as they were confirmed; the batch that it extends holds the progress.

    The worker turns the selection into operations, a chunk at a time (`planned` of `selection` so far); a row to be
    skipped becomes an operation in state SKIPPED with its reason. Write a conditional UPDATE on the batch alone,
    `Batch.objects.filter(pk=job.pk, …)`: on a job, Django would read the keys first and update the rows by key.
    """

    action = models.CharField(_("action"), max_length=60, help_text=_("Name in the registry of actions."))
    options = models.JSONField(_("options"), default=dict, help_text=_("What was chosen on the confirm page."))
    # Keys of the selected rows.
    selection = models.JSONField(default=list)
    # Of each selected row, the status that the preview showed; empty if the action changes no status.
    statuses = models.JSONField(default=list)
    undoes = models.ForeignKey("self", models.SET_NULL, null=True, related_name="undoings", verbose_name=_("undoes"))
    # One for each confirm page that was opened: a page that is confirmed twice starts one job.
    key = models.UUIDField(unique=True, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("bulk job")
        verbose_name_plural = _("bulk jobs")
        permissions = [("view_others_jobs", gettext_noop("Can see and control the jobs of others"))]

    def __str__(self) -> str:
        return f"{self.action} #{self.pk}"
