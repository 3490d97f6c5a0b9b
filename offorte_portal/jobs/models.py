"""A person's bulk action: one decision, many writes to Offorte."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from offorte_portal.writes.models import Batch


class Job(Batch):
    """What was chosen, frozen as ids when it was confirmed; how far it has come stands in the batch that it extends.

    The worker turns the selection into operations, a chunk at a time (`planned` of `selection` so far); what is to be
    skipped becomes an operation in state SKIPPED with its reason. A conditional UPDATE is one of the batch alone:
    `Batch.objects.filter(pk=job.pk, …)`, for Django would read a job's keys first and write the row by its key.
    """

    action = models.CharField(_("action"), max_length=60, help_text=_("Name in the registry of actions."))
    options = models.JSONField(_("options"), default=dict, help_text=_("What was chosen on the confirm page."))
    # Keys of the selected rows.
    selection = models.JSONField(default=list)
    undoes = models.ForeignKey("self", models.SET_NULL, null=True, related_name="undoings", verbose_name=_("undoes"))
    # One for each confirm page that was opened: confirmed twice, it is one job.
    key = models.UUIDField(unique=True, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        permissions = [("view_others_jobs", gettext_noop("Can see and control the jobs of others"))]

    def __str__(self) -> str:
        return f"{self.action} #{self.pk}"
