"""The lines of the change feed, and how far each follower has read them."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal.connections.models import Connection


class Change(models.Model):
    """What one transaction changed of one kind of object, or a fact of a room's own.

    Within an account, ids are in the order in which transactions committed: `recording` ensures that.
    `objects_changed` holds `[remote_id, what, was, now]` for each object: `what` is one of `What`, `was` and `now` are
    `{column: value}` of the columns that the resource declares as `watched`, if they differ. `facts` holds what is in
    no row: of an event, its name and moment.
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

    # None if it is about no account.
    connection = models.ForeignKey(Connection, models.CASCADE, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=40, help_text=_("Name of the mirrored resource, or of a room’s own fact."))
    source = models.CharField(max_length=10, choices=Source)
    # Plain numbers: a line outlives the rows.
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
        return [change[0] for change in self.objects_changed]


class Cursor(models.Model):
    """How far a follower has read the lines of an account. A follower without one is new there, and rebuilds."""

    follower = models.CharField(max_length=40)
    connection = models.ForeignKey(Connection, models.CASCADE, null=True, related_name="+", db_index=False)
    position = models.BigIntegerField(default=0)
    # How often in a row the next line has failed.
    failures = models.PositiveSmallIntegerField(default=0)
    # The primary key that a rebuild has reached; None if none is under way.
    rebuilt_to = models.BigIntegerField(null=True)
    # The number of the rebuild: another may be asked for meanwhile.
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
