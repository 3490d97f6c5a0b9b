"""The base of all models that mirror Offorte's objects."""

from typing import Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal.connections.models import Connection
from offorte_portal.runs.reasons import ReasonsField

M = TypeVar("M", bound="Mirrored")


class MirroredQuerySet(models.QuerySet[M]):
    """Filters of every mirrored model."""

    def present(self) -> Self:
        """Return rows that Offorte still has: no tombstones, but rows that it hides from the portal (403)."""
        return self.filter(removed_at__isnull=True)


MirroredManager = models.Manager.from_queryset(MirroredQuerySet)


class Mirrored(models.Model):
    """A row that exists because Offorte said so, unique on (connection, remote_id).

    Columns hold what the portal lists, filters, sorts and links; `payload` holds everything that Offorte last sent.
    Only `offorte_portal.mirror` stores what Offorte sent.
    """

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", verbose_name=_("account"))
    remote_id = models.BigIntegerField(_("Offorte ID"))
    payload = models.JSONField(default=dict, editable=False)
    as_of = models.DateTimeField(_("as of"), help_text=_("When Offorte last reported this."), editable=False)
    # Hash of the list item that was applied last; empty once another answer has contradicted it.
    fingerprint = models.CharField(max_length=32, default="", editable=False)
    removed_at = models.DateTimeField(_("deleted in Offorte"), null=True, editable=False)
    is_hidden = models.BooleanField(_("hidden in Offorte"), default=False, editable=False)
    warnings = ReasonsField(
        _("unreadable values"), help_text=_("Values from Offorte that are missing or can’t be read.")
    )

    objects = MirroredManager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["connection", "remote_id"], name="%(app_label)s_%(class)s_remote")
        ]
