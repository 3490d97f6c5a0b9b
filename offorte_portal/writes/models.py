"""Writes to Offorte, from what a person asked to what became of it: the queue and the audit log in one table."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from offorte_portal import ports
from offorte_portal.connections.encryption import EncryptedTextField
from offorte_portal.connections.models import Connection
from offorte_portal.runs.reasons import ReasonField


class Batch(models.Model):
    """Operations that one person asked for together, which come about bit by bit, and can be paused and cancelled."""

    class State(models.TextChoices):
        PLANNING = "planning", _("Being prepared")
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    ACTIVE: ClassVar = (State.PLANNING, State.RUNNING, State.PAUSED)

    # How many things its operations are about, and of how many it is decided what is written.
    size = models.PositiveIntegerField(_("items"), default=0)
    planned = models.PositiveIntegerField(default=0)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNING)
    reason = ReasonField(_("reason"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("started by")
    )
    requested_by_name = models.CharField(_("started by"), max_length=150, blank=True, default="")
    # When an operation of it went out last: whose turn is longest ago is served next.
    served_at = models.DateTimeField(null=True)
    # How often a process has begun to plan it since it last got on.
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

    `state` changes by conditional UPDATE only (`writes`), so that each is sent once whatever processes there
    are. Operations on one object go out in the order of their ids.
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
        UNKNOWN = "unknown", _("Outcome unknown")
        SKIPPED = "skipped", _("Skipped")
        CANCELLED = "cancelled", _("Cancelled")
        UNDONE = "undone", _("Undone")

    # Not ended yet; whatever comes later for the same object has to wait for these.
    PENDING: ClassVar = (State.WAITING, State.SENDING, State.UNKNOWN)

    # Like `job` without an index of its own: it would be taken in the place of the better ones that begin with it.
    connection = models.ForeignKey(
        Connection, models.CASCADE, related_name="operations", db_index=False, verbose_name=_("account")
    )
    verb = models.CharField(_("action"), max_length=10, choices=Verb)
    target = models.CharField(_("what"), max_length=40, help_text=_("Name of the mirrored resource."))
    remote_id = models.BigIntegerField(_("Offorte ID"), null=True, help_text=_("Unknown before it is created."))
    # The company of a person, the directory of a product to create.
    parent_remote_id = models.BigIntegerField(null=True)
    label = models.TextField(_("name"), default="", help_text=_("What it was called when it was asked for."))

    # What was asked, with the parameters of the reference. {"operation": 12} stands for the id that 12 creates.
    draft = models.JSONField(_("asked"), default=dict)
    # The secret values of the draft, which shows them concealed: JSON, encrypted.
    sealed = EncryptedTextField(blank=True, default="", editable=False)
    # The values of the same fields before, as far as they were known.
    before = models.JSONField(_("before"), default=dict)
    # Values that Offorte must still hold, or nothing is sent; what it held instead.
    expected = models.JSONField(default=dict)
    conflicts = models.JSONField(default=dict)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    reason = ReasonField(_("reason"))
    # Offorte's reasons by field: {field: [text]}; a code in the place of a text is the portal's own.
    field_errors = models.JSONField(default=dict)
    # Offorte's own words and numbers, without the links that are as good as passwords.
    answer = models.JSONField(_("answer"), null=True)
    # Of a create or a send: what creates of the same name have in common, for only one of them may be in doubt, and the
    # Offorte ids that were known before it left, for a lost answer must not be taken for one of those.
    likeness = models.CharField(max_length=32, blank=True, default="", editable=False)
    known_ids = models.JSONField(default=list, editable=False)
    # Of a send: how things stood right before it left (`writes/evidence.py`), and the mail that it was.
    evidence = models.JSONField(default=dict, editable=False)

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    # Stays when the person's account goes.
    requested_by_name = models.CharField(_("asked by"), max_length=150, blank=True, default="")
    job = models.ForeignKey(
        Batch, models.CASCADE, null=True, related_name="operations", db_index=False, verbose_name=_("job")
    )
    # Goes out only once that one is done; is cancelled when that one ends otherwise.
    after = models.ForeignKey("self", models.SET_NULL, null=True, related_name="followers")
    undoes = models.ForeignKey("self", models.SET_NULL, null=True, related_name="undoings", verbose_name=_("undoes"))
    # One for each form that was opened: the same form sent twice is the same operation.
    key = models.UUIDField(default=ports.new_uuid, unique=True, editable=False)

    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    lease = models.CharField(max_length=36, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(_("next try"), null=True)
    created_at = models.DateTimeField(_("asked"), default=ports.now, editable=False)
    # Just before the request left.
    sent_at = models.DateTimeField(_("sent"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("write")
        verbose_name_plural = _("writes")
        permissions = [("view_others_operations", gettext_noop("Can see what others asked for"))]
        indexes = [
            # Whole, for SQLite takes no partial index where the condition's values come as parameters.
            models.Index(name="operation_by_state", fields=["connection", "state", "id"]),
            models.Index(name="operation_by_likeness", fields=["connection", "likeness", "id"]),
            models.Index(name="operation_of_object", fields=["connection", "target", "remote_id", "id"]),
            models.Index(name="operation_of_job", fields=["job", "state", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.label}".strip()

    @property
    def is_pending(self) -> bool:
        """Whether it has not ended yet."""
        return self.state in self.PENDING
