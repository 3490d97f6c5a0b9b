"""Exports of lists: who exported which rows. These records are kept; the files are removed after a while."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.runs.reasons import ReasonField


class Export(models.Model):
    """An export of a list to a file.

    A short list is sent at once and not stored (`is_direct`). For a long one, the keys of its rows are stored in
    `ExportKeys`, in the order of the list. The worker reads these rows, makes the file and stores it in `ExportPart`,
    because web and worker share no disk.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("an export", "Waiting")
        WRITING = "writing", _("In progress")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    class Format(models.TextChoices):
        XLSX = "xlsx", "Excel (XLSX)"
        CSV = "csv", "CSV"

    ACTIVE: ClassVar = (State.WAITING, State.WRITING)

    sheet = models.CharField(_("list"), max_length=100, help_text=_("Name in the registry of sheets."))
    format = models.CharField(_("format"), max_length=4, choices=Format)
    # Names of the sheet's columns.
    columns = models.JSONField(default=list)
    # The language of the headings, which also decides the separators of a CSV.
    language = models.CharField(max_length=10)

    # How the list was filtered: as a query string, and in words.
    query = models.TextField(default="")
    narrowed_by = models.TextField(_("filters"), default="")
    account = models.ForeignKey(Connection, models.SET_NULL, null=True, related_name="+", verbose_name=_("account"))
    is_selection = models.BooleanField(_("selected rows only"), default=False)
    is_direct = models.BooleanField(default=False)

    size = models.PositiveIntegerField(_("rows"), default=0)
    written = models.PositiveIntegerField(default=0)
    # Rows that no longer existed when the file was written.
    missing = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(_("file size"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    reason = ReasonField(_("reason"))

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("requested by")
    )
    requested_by_name = models.CharField(_("requested by"), max_length=150, blank=True, default="")
    attempts = models.PositiveIntegerField(default=0)
    lease = models.CharField(max_length=36, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("requested"), default=ports.now, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True)
    # When the file was removed.
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        default_permissions = ("view",)
        permissions = [("view_others_exports", gettext_noop("Can see what others exported"))]
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        indexes = [
            models.Index(name="export_active", fields=["state"], condition=models.Q(state__in=["waiting", "writing"])),
            models.Index(
                name="export_kept",
                fields=["created_at"],
                condition=models.Q(is_direct=False, dropped_at__isnull=True),
            ),
            models.Index(name="export_of", fields=["requested_by", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} #{self.pk}"

    @property
    def is_active(self) -> bool:
        """Whether the file is waiting to be made, or being made."""
        return self.state in self.ACTIVE

    @property
    def has_file(self) -> bool:
        """Whether there is a complete file to download."""
        return self.state == self.State.DONE and not self.is_direct and self.dropped_at is None


class ExportKeys(models.Model):
    """A chunk of the keys of an export's rows, eight bytes each, in the order of the list."""

    export = models.ForeignKey(Export, models.CASCADE, related_name="key_runs")
    number = models.PositiveIntegerField()
    keys = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["export", "number"], name="exportkeys_once")]

    def __str__(self) -> str:
        return f"{self.export_id}: {self.number}"


class ExportPart(models.Model):
    """A chunk of an export's file, which is complete once the export is done."""

    export = models.ForeignKey(Export, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["export", "number"], name="exportpart_once")]

    def __str__(self) -> str:
        return f"{self.export_id}: {self.number}"
