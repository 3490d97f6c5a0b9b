"""Writes to Offorte, from the request to the outcome: the queue and the change log in one table."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from offorte_portal import ports
from offorte_portal.connections.encryption import EncryptedTextField
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.models import FoldedField
from offorte_portal.runs.reasons import ReasonField
from offorte_portal.text.spellings import spell_lines


def join_names(draft: Any) -> str:
    """Return the names of a draft's fields, sorted, with commas around each."""
    return f",{','.join(sorted(draft))}," if isinstance(draft, dict) and draft else ""


class Batch(models.Model):
    """Operations that one person asked for together; they are made gradually, and can be paused and cancelled."""

    class State(models.TextChoices):
        PLANNING = "planning", _("Preparing")
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    ACTIVE: ClassVar = (State.PLANNING, State.RUNNING, State.PAUSED)

    # How many objects its operations are about, and for how many of those the operations have been planned.
    size = models.PositiveIntegerField(_("items"), default=0)
    planned = models.PositiveIntegerField(default=0)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNING)
    reason = ReasonField(_("reason"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("started by")
    )
    requested_by_name = models.CharField(_("started by"), max_length=150, blank=True, default="")
    # When the worker last took one of its operations: the least recently served batch is next.
    served_at = models.DateTimeField(null=True)
    # How often a process has begun to plan it since planning last made progress.
    attempts = models.PositiveIntegerField(default=0)
    lease = models.CharField(max_length=36, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("started"), default=ports.now, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                name="batch_active", fields=["state"], condition=models.Q(state__in=["planning", "running", "paused"])
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_active(self) -> bool:
        """Whether it has not ended yet."""
        return self.state in self.ACTIVE


class Operation(models.Model):
    """A create, change, delete or send that a person asked for. It is a row before it is a request.

    `state` changes by conditional UPDATE only (`writes`), so that each is sent once, however many processes there are.
    Operations on one object are sent in the order of their ids.
    """

    class Verb(models.TextChoices):
        CREATE = "create", _("Create")
        CHANGE = "change", _("Change")
        DELETE = "delete", _("Delete")
        SEND = "send", pgettext_lazy("what is done with a proposal", "Send")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Sending")
        DONE = "done", _("Done")
        REJECTED = "rejected", _("Rejected by Offorte")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Outcome unknown: check")
        SKIPPED = "skipped", _("Skipped")
        CANCELLED = "cancelled", _("Cancelled")
        UNDONE = "undone", _("Undone")

    # Not ended yet; later operations on the same object have to wait for these.
    PENDING: ClassVar = (State.WAITING, State.SENDING, State.UNKNOWN)

    # No index of its own, like `job`: the database would use it instead of the better ones that begin with it.
    connection = models.ForeignKey(
        Connection, models.CASCADE, related_name="operations", db_index=False, verbose_name=_("account")
    )
    verb = models.CharField(_("action"), max_length=10, choices=Verb)
    target = models.CharField(_("what"), max_length=40, help_text=_("Name of the mirrored resource."))
    remote_id = models.BigIntegerField(_("Offorte ID"), null=True, help_text=_("Unknown before it is created."))
    # Offorte's id of a person's company, or of the directory of a product to create.
    parent_remote_id = models.BigIntegerField(null=True)
    label = models.TextField(_("name"), default="", help_text=_("What it was called when it was asked for."))

    search_text = FoldedField("label", spell_lines)

    # The parameters, by the names of the reference. {"operation": 12} stands for the id that operation 12 creates.
    draft = models.JSONField(_("requested"), default=dict)
    # The names of its fields: there are few different ones, so that the change log finds a field along an index.
    field_names = FoldedField("draft", join_names)
    # The secret values of the draft, which holds them concealed, as JSON; encrypted.
    sealed = EncryptedTextField(blank=True, default="", editable=False)
    # The values of the same fields before the write, as far as they were known.
    before = models.JSONField(_("before"), default=dict)
    # Values that Offorte must still hold, or nothing is sent; and the values that it held instead.
    expected = models.JSONField(default=dict)
    conflicts = models.JSONField(default=dict)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    reason = ReasonField(_("reason"))
    # Offorte's reasons by field: {field: [text]}; the portal's own reasons are codes instead of texts.
    field_errors = models.JSONField(default=dict)
    # Texts and numbers of Offorte's answer, without the links that give access like passwords.
    answer = models.JSONField(_("answer"), null=True)
    # `dedup_key` is shared by creates of the same name, of which only one may be under way or unknown. `known_ids` are
    # the Offorte ids that were known before a create or a send left, which can't be its result.
    dedup_key = models.CharField(max_length=32, blank=True, default="", editable=False)
    known_ids = models.JSONField(default=list, editable=False)
    # For a send: the proposal's state right before it left (`writes/evidence.py`), and the id of its mail. For a change
    # of what only the portal keeps: what it was and what it became.
    evidence = models.JSONField(default=dict, editable=False)

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("requested by")
    )
    # Kept when the person's account is deleted.
    requested_by_name = models.CharField(_("requested by"), max_length=150, blank=True, default="")
    job = models.ForeignKey(
        Batch, models.CASCADE, null=True, related_name="operations", db_index=False, verbose_name=_("job")
    )
    # Sent only once that operation is done; cancelled if that one ends in any other way.
    after = models.ForeignKey("self", models.SET_NULL, null=True, related_name="followers")
    undoes = models.ForeignKey("self", models.SET_NULL, null=True, related_name="undoings", verbose_name=_("undoes"))
    # One for each opened form, so that a form submitted twice is one operation.
    key = models.UUIDField(default=ports.new_uuid, unique=True, editable=False)

    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    lease = models.CharField(max_length=36, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(_("next attempt"), null=True)
    created_at = models.DateTimeField(_("requested"), default=ports.now, editable=False)
    # Right before the request left.
    sent_at = models.DateTimeField(_("sent"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        permissions = [("view_others_operations", gettext_noop("Can see what others asked for"))]
        indexes = [
            # Not partial: SQLite uses no partial index if the values of its condition are parameters.
            models.Index(name="operation_by_state", fields=["connection", "state", "id"]),
            models.Index(name="operation_by_dedup_key", fields=["connection", "dedup_key", "id"]),
            models.Index(name="operation_of_object", fields=["connection", "target", "remote_id", "id"]),
            models.Index(name="operation_by_fields", fields=["field_names", "id"]),
            models.Index(name="operation_of_job", fields=["job", "state", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.label}".strip()

    @property
    def is_pending(self) -> bool:
        """Whether it has not ended yet."""
        return self.state in self.PENDING
