"""Tables that people upload: what was in them, what the portal made of each row, which column was taken for what."""

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
    """JSON with letters as they are: "é" takes two bytes, and six where it is escaped."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"ensure_ascii": False}))


class Upload(models.Model):
    """One file, for one account. The file itself is kept until it is read; its rows are, for 30 days."""

    class Kind(models.TextChoices):
        COMPANIES = "companies", _("Companies")
        PEOPLE = "people", _("People")
        PRODUCTS = "products", _("Products")
        PROPOSALS = "proposals", _("Proposals")

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
    # What a person should know of how the file was read.
    notes = ReasonsField()
    # The column of each field: {field: name of the column}. A column that is left out is not named.
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    # What the worker has to do with it, and how many rows of that are done. See `files/imports/work.py`.
    work = models.CharField(max_length=10, choices=Work, blank=True, default=Work.NONE)
    done = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.CharField(max_length=36, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    # Why the file can't be taken.
    refusal = ReasonField()
    # Of who uploaded it: what changes is told in it.
    language = models.CharField(max_length=10, blank=True, default="")
    # When what becomes of each row was worked out last; null where the columns were not yet agreed on.
    examined_at = models.DateTimeField(null=True)
    # Becomes the key of the job: an upload is carried out once.
    key = models.UUIDField(default=ports.new_uuid, unique=True, editable=False)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="uploads", verbose_name=_("job"))
    # In bytes, of the file and once it is read of its rows: what a person has stored is limited.
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
    """The bytes of a file until the worker has read them."""

    upload = models.OneToOneField(Upload, models.CASCADE, primary_key=True, related_name="file")
    content = models.BinaryField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.upload_id)


class UploadRow(models.Model):
    """One row of a file, and what is to become of it."""

    class Outcome(models.TextChoices):
        NEW = "new", _("New")
        CHANGE = "change", _("Changes")
        SAME = "same", _("Same")
        PROBLEM = "problem", _("Problems")

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="rows")
    # The upload's: jobs ask a row for its account.
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField(_("row"), help_text=_("As a spreadsheet counts."))
    cells = models.JSONField(default=list, encoder=LetterEncoder)
    # Why the cells can't be relied on: a formula without a result.
    unreadable = ReasonField()
    # "" before the upload is examined.
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True, default="")
    label = models.TextField(_("name"), blank=True, default="")
    # Why the row can't be taken, and what a person should know of it.
    problem = ReasonField(_("problem"))
    hint = ReasonField(_("hint"))
    # What is to be written, with Offorte's parameters; what it changes: [[parameter, old, new]].
    draft = models.JSONField(default=dict, encoder=LetterEncoder)
    changes = models.JSONField(default=list, encoder=LetterEncoder)
    # Offorte's id of the record that the row changes, once written of the one it made; what that lies in.
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
    """Which column a person took for what, in files with the same columns."""

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
