"""Uploaded tables: their rows, the outcome of each row, and the columns that people chose for the fields."""

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.jobs.models import Job
from offorte_portal.runs.reasons import ReasonField, ReasonsField
from offorte_portal.writes.models import Operation


class LetterEncoder(json.JSONEncoder):
    """Writes JSON without escaping letters: "é" takes two bytes, and six where it is escaped."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"ensure_ascii": False}))


class Upload(models.Model):
    """An uploaded file, for one account. The file is stored until it is read, its rows for 30 days."""

    class Kind(models.TextChoices):
        COMPANIES = "companies", _("Companies")
        PEOPLE = "people", _("People")
        PRODUCTS = "products", _("Products")
        PROPOSALS = "proposals", _("Proposals")
        STATUSES = "statuses", _("Proposal statuses")

    class Work(models.TextChoices):
        """What the worker still has to do."""

        READ = "read"
        EXAMINE = "examine"
        NONE = ""

    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", verbose_name=_("account"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="uploads", verbose_name=_("uploaded by")
    )
    filename = models.CharField(_("file"), max_length=255)
    # The names of the columns, in their order; cells of a row are in the same order.
    header = models.JSONField(default=list, encoder=LetterEncoder)
    # Warnings about how the file was read.
    notes = ReasonsField()
    # The column of each field: {field: name of the column}. Columns that are left out are missing.
    mapping = models.JSONField(default=dict)
    # The columns that are hidden in the file, or empty: {name of the column: "hidden" or "empty"}.
    column_marks = models.JSONField(default=dict, encoder=LetterEncoder)
    options = models.JSONField(default=dict)
    # What the worker still has to do, and for how many rows it is done. See `files/imports/work.py`.
    work = models.CharField(max_length=10, choices=Work, blank=True, default=Work.NONE)
    done = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.CharField(max_length=36, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    # Why the file can't be imported.
    refusal = ReasonField()
    # The language of the person, in which the worker reads and examines the file.
    language = models.CharField(max_length=10, blank=True, default="")
    # When the rows were last examined; null until then, and while they are examined again.
    examined_at = models.DateTimeField(null=True)
    # The key of the job as well, so that an upload is imported only once.
    key = models.UUIDField(default=ports.new_uuid, unique=True, editable=False)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="uploads", verbose_name=_("job"))
    # Bytes of the file or, once it is read, of its rows. They count for the person's quota.
    size = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(_("uploaded"), default=ports.now, editable=False, db_index=True)

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")

    def __str__(self) -> str:
        return self.filename


class UploadedFile(models.Model):
    """The bytes of a file, until the worker has read them."""

    upload = models.OneToOneField(Upload, models.CASCADE, primary_key=True, related_name="file")
    content = models.BinaryField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.upload_id)


class UploadRow(models.Model):
    """A row of a file, and what the import would do with it."""

    class Outcome(models.TextChoices):
        NEW = "new", _("New")
        CHANGE = "change", _("Changes")
        SAME = "same", _("Same")
        PROBLEM = "problem", _("Problems")
        LEFT_OUT = "left_out", _("Left out")

    class Mark(models.TextChoices):
        """Why a row is not ticked when the file has been read."""

        HIDDEN = "hidden"
        TOTAL = "total"
        NONE = ""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="rows")
    # The same as the upload's, because jobs read the account from a row.
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField(_("row"), help_text=_("Row number as shown in a spreadsheet."))
    cells = models.JSONField(default=list, encoder=LetterEncoder)
    # Why the cells can't be trusted, such as a formula without a result.
    unreadable = ReasonField()
    mark = models.CharField(max_length=10, choices=Mark, blank=True, default=Mark.NONE)
    # Whether the row is imported, which a person decides.
    is_ticked = models.BooleanField(default=True)
    # "" before the upload is examined.
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True, default="")
    label = models.TextField(_("name"), blank=True, default="")
    # Why the row can't be imported, and what a person should check.
    problem = ReasonField(_("problem"))
    hint = ReasonField(_("hint"))
    # What will be written, by Offorte's parameters, and what that changes: [[parameter, old, new]].
    draft = models.JSONField(default=dict, encoder=LetterEncoder)
    changes = models.JSONField(default=list, encoder=LetterEncoder)
    # Why the row's proposal is lost, which the portal keeps: what `losses.to_options` writes.
    loss = models.JSONField(default=dict, encoder=LetterEncoder)
    # Offorte's id of the record that the row changes, and of the parent of the record that it creates.
    remote_id = models.BigIntegerField(null=True)
    parent_remote_id = models.BigIntegerField(null=True)
    operation = models.ForeignKey(Operation, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        default_permissions = ()
        verbose_name = _("row of an upload")
        verbose_name_plural = _("rows of uploads")
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="files_uploadrow_once")]
        indexes = [models.Index(name="uploadrow_by_outcome", fields=["upload", "outcome", "number"])]

    def __str__(self) -> str:
        text = _("Row %(number)d: %(name)s") % {"number": self.number, "name": self.label}
        return str(text) if self.label else str(_("Row %d") % self.number)


class ColumnMapping(models.Model):
    """The columns that a person last chose for the fields, in files with the same columns."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Upload.Kind)
    # Digest of the names of the columns.
    header_key = models.CharField(max_length=32)
    mapping = models.JSONField(default=dict)
    changed_at = models.DateTimeField(default=ports.now, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "kind", "header_key"], name="files_columnmapping_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.header_key}"
