"""What every model that mirrors an Offorte thing has in common."""

from typing import Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal.connections.models import Connection

M = TypeVar("M", bound="Mirrored")


class MirroredQuerySet(models.QuerySet[M]):
    """Filters that every mirrored model knows."""

    def present(self) -> Self:
        """Only what Offorte still has: no tombstones. Things it hides from us (403) are included."""
        return self.filter(removed_at__isnull=True)


MirroredManager = models.Manager.from_queryset(MirroredQuerySet)


class Mirrored(models.Model):
    """A row that exists because Offorte said so, unique on (connection, remote_id).

    Columns hold what the portal lists, filters, sorts and links; `payload` keeps all that Offorte last said. Written by
    `offorte_portal.mirror` only.
    """

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", verbose_name=_("account"))
    remote_id = models.BigIntegerField(_("Offorte ID"))
    payload = models.JSONField(default=dict, editable=False)
    as_of = models.DateTimeField(
        _("as of"), help_text=_("The moment at which Offorte is known to have said this."), editable=False
    )
    # Hash of the list item that was applied last; empty once anything else has written to the row.
    fingerprint = models.CharField(max_length=32, default="", editable=False)
    removed_at = models.DateTimeField(_("removed at Offorte"), null=True, editable=False)
    is_hidden = models.BooleanField(_("hidden at Offorte"), default=False, editable=False)
    warnings = models.JSONField(
        _("unreadable values"),
        default=list,
        editable=False,
        help_text=_("Values of Offorte's that can't be read."),
    )

    objects = MirroredManager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["connection", "remote_id"], name="%(app_label)s_%(class)s_remote")
        ]
