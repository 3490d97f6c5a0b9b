"""Customers and products of other systems, read whole to be brought to Offorte, and the runs that read them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal.connections.models import Connection
from offorte_portal.other_systems.models.source import Source
from offorte_portal.runs.reasons import ReasonField, ReasonsField
from offorte_portal.runs.run import Run
from offorte_portal.writes.models import Operation

# States of operations that ended without creating anything, and may be replaced by a new one.
UNMADE = (Operation.State.REJECTED, Operation.State.FAILED, Operation.State.CANCELLED, Operation.State.SKIPPED)


class ListReading(Run):
    """One reading of a system's lists of customers and products.

    `checkpoint` is {"list": …, "cursor": …, "skipped": …}; `failed` holds the lists of which not everything was read.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="readings", verbose_name=_("system"))
    # Counts by list: how many entries were read; and `requests`, `unusable`.
    figures = models.JSONField(default=dict)
    problems = ReasonsField()
    failed = models.JSONField(default=list)
    # What entries of later lists refer to by id: {"unit": {"1": "piece"}}.
    names = models.JSONField(default=dict)

    class Meta(Run.Meta):
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(state__in=["queued", "running", "waiting"]),
                name="other_systems_one_active_reading",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} #{self.pk}"


class MovedItem(models.Model):
    """A company, person, product directory or product of another system, and what became of it in Offorte.

    It is created by `created_with`, and by no other operation as long as that one may have created it.
    """

    class Kind(models.TextChoices):
        COMPANY = "company", _("Companies")
        PERSON = "person", _("People")
        DIRECTORY = "directory", _("Product directories")
        PRODUCT = "product", _("Products")

    class State(models.TextChoices):
        NEW = "new", _("New to Offorte")
        MATCHED = "matched", _("Already in Offorte")
        MADE = "made", _("Brought to Offorte")

    class Decision(models.TextChoices):
        """What a person has chosen for an item that may be in Offorte already."""

        NONE = "", _("Not chosen")
        USE = "use", _("Use the existing one")
        MAKE = "make", _("Create anyway")
        LEAVE = "leave", _("Leave out")

    source = models.ForeignKey(Source, models.CASCADE, related_name="moved_items")
    kind = models.CharField(max_length=10, choices=Kind)
    external_id = models.CharField(max_length=100)
    name = models.TextField(_("name"), default="")
    # The company of a person, and the directory of a product.
    parent_key = models.CharField(max_length=100, default="")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, related_name="children")
    # Offorte's parameters as text, and what Offorte has no parameter for (`systems/moved.py`).
    values = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    warnings = ReasonsField()
    # Why it can't be created, whatever a person chooses.
    obstacle = ReasonField()
    digest = models.CharField(max_length=32, default="")
    changed_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(ListReading, models.SET_NULL, null=True, related_name="+")
    missing_since = models.DateTimeField(null=True)

    decision = models.CharField(max_length=5, choices=Decision, blank=True, default=Decision.NONE)
    # The account that it is brought to; what it is there if it was recognised, and by which marks.
    connection = models.ForeignKey(Connection, models.SET_NULL, null=True, related_name="+")
    remote_id = models.BigIntegerField(_("Offorte ID"), null=True)
    evidence = models.JSONField(default=list)
    created_with = models.OneToOneField(Operation, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        verbose_name = _("customer or product of other systems")
        verbose_name_plural = _("customers and products of other systems")
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "external_id"], name="other_systems_moveditem_once")
        ]

    def __str__(self) -> str:
        return self.name or self.external_id

    @property
    def is_claimed(self) -> bool:
        """Whether an operation has created it, or may still do so."""
        return self.created_with is not None and self.created_with.state not in (*UNMADE, Operation.State.UNDONE)

    @property
    def state(self) -> State:
        """What has become of it in Offorte so far."""
        if self.created_with is not None and self.created_with.state == Operation.State.DONE:
            return self.State.MADE
        return self.State.NEW if self.remote_id is None or self.is_claimed else self.State.MATCHED
