"""The lines of the change feed, and how far each follower has read them."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal.connections.models import Connection


class Change(models.Model):
    """What one transaction brought of one kind of object, or a fact of a room's own.

    Within an account the ids are in the order in which transactions committed: `recording` sees to that.
    `objects_changed` holds `[remote_id, what, was, now]` an object: `what` is one of `What`, `was` and `now` are
    `{column: value}` of the few columns that the resource declares as `watched`, where they differ. `facts` holds what
    is not in any row: of an event its name and moment.
    """

    class Source(models.TextChoices):
        SYNC = "sync", _("Sync")
        DETAILS = "details", _("Details")
        EVENT = "event", _("Event")
        WRITE = "write", _("Write")
        PORTAL = "portal", _("Portal")

    class What(models.TextChoices):
        NEW = "new"
        CHANGED = "changed"
        REMOVED = "removed"

    # None: it is about no account.
    connection = models.ForeignKey(Connection, models.CASCADE, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=40, help_text=_("Name of the mirrored resource, or of a room's own fact."))
    source = models.CharField(max_length=10, choices=Source)
    # As plain numbers: a line outlives what it names.
    operation_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    objects_changed = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    facts = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    recorded_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(name="change_of_account", fields=["connection", "id"])]

    def __str__(self) -> str:
        return f"{self.kind}: {len(self.objects_changed)}"

    @property
    def remote_ids(self) -> list[int]:
        """The Offorte ids of its objects."""
        return [one[0] for one in self.objects_changed]


class Cursor(models.Model):
    """How far a follower has read the lines of an account. Without one it is new there, and rebuilds."""

    follower = models.CharField(max_length=40)
    connection = models.ForeignKey(Connection, models.CASCADE, null=True, related_name="+", db_index=False)
    position = models.BigIntegerField(default=0)
    # How often in a row the next line could not be followed.
    failures = models.PositiveSmallIntegerField(default=0)
    # How far a rebuild has come, a primary key; None where none is under way.
    rebuilt_to = models.BigIntegerField(null=True)
    # Which rebuild that is, for another may be asked for meanwhile.
    rebuild = models.PositiveIntegerField(default=0)
    lease = models.CharField(max_length=36, default="", blank=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["connection", "follower"], name="changes_cursor_once"),
            models.UniqueConstraint(
                fields=["follower"], condition=models.Q(connection__isnull=True), name="changes_cursor_once_of_none"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follower}: {self.position}"
