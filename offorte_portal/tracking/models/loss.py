from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.models import sort_key
from offorte_portal.tracking.models.lost_reason import LostReason
from offorte_portal.writes.models import Operation
from proposals.models.proposal import Proposal

WORDS_LENGTH = 500
COMPETITOR_LENGTH = 120


class Loss(models.Model):
    """Why a proposal was lost, as a person gave it. Offorte has no field for it.

    A proposal may be lost several times, and its reason may be corrected: one row each. The current one has no
    `ended_at`. It counts as long as the proposal is lost; see `tracking/losses.py`.
    """

    connection = models.ForeignKey(
        Connection, models.CASCADE, related_name="+", db_index=False, verbose_name=_("account")
    )
    proposal = models.ForeignKey(
        Proposal, models.CASCADE, related_name="losses", db_index=False, verbose_name=_("proposal")
    )
    # The change that made it lost; null if it was lost in Offorte.
    operation = models.OneToOneField(Operation, models.SET_NULL, null=True, related_name="loss")
    # Null if the list has no reason that fits: then there are words.
    reason = models.ForeignKey(
        LostReason, models.PROTECT, null=True, related_name="losses", db_index=False, verbose_name=_("lost reason")
    )
    words = models.CharField(_("explanation"), max_length=WORDS_LENGTH, blank=True, default="")
    competitor = models.CharField(_("competitor"), max_length=COMPETITOR_LENGTH, blank=True, default="")
    competitor_key = sort_key("competitor")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=ports.now, editable=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("loss")
        verbose_name_plural = _("losses")
        constraints = [
            models.UniqueConstraint(
                fields=["proposal"], condition=models.Q(ended_at__isnull=True), name="loss_current_once"
            )
        ]
        indexes = [
            models.Index(name="loss_of_proposal", fields=["proposal", "ended_at"]),
            models.Index(name="loss_by_reason", fields=["reason", "ended_at", "proposal"]),
            models.Index(name="loss_by_competitor", fields=["competitor_key", "connection", "competitor"]),
        ]

    def __str__(self) -> str:
        return str(self.reason or self.words)
