"""Sends that wait for a manager, and the limits above which they do."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from offorte_portal import ports
from offorte_portal.writes.models import Operation
from proposals.models.proposal import Proposal


class ApprovalSettings(models.Model):
    """The limits above which a send needs a manager: at most one row, without which none does. Null means no limit."""

    amount_above = models.DecimalField(
        _("value above"),
        max_digits=15,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Excluding VAT. A proposal whose value isn’t known also needs approval."),
    )
    discount_above = models.DecimalField(
        _("discount above, %"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("All discounts in a proposal together, as a percentage of its full price."),
    )

    class Meta:
        default_permissions = ("change",)
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class Approval(models.Model):
    """A send that somebody asked for and that a manager decides about; it goes out when it is approved."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("a request for approval", "Waiting")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    ENDED: ClassVar = (State.APPROVED, State.REFUSED, State.WITHDRAWN)

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="approvals", verbose_name=_("proposal"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    # What is sent: an `Order` of `compose/sending.py`, with the marks that were `seen`.
    order = models.JSONField(default=dict)
    # What the manager decides about: the value and the discount at the time of the request.
    value = models.DecimalField(_("value"), max_digits=19, decimal_places=4, null=True)
    discount = models.DecimalField(_("discount"), max_digits=7, decimal_places=2, null=True)

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("asked by")
    )
    requested_at = models.DateTimeField(_("asked"), default=ports.now, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    note = models.TextField(_("note"), blank=True, default="")
    operation = models.ForeignKey(Operation, models.SET_NULL, null=True, related_name="+")
    # The key of the form that asked: a form that is sent twice is one request.
    key = models.UUIDField(unique=True, editable=False)

    class Meta:
        default_permissions = ()
        permissions = [("approve_proposal", gettext_noop("Can approve that proposals are sent"))]
        ordering = ["-id"]
        verbose_name = _("request for approval")
        verbose_name_plural = _("requests for approval")
        indexes = [models.Index(name="approval_by_state", fields=["state", "-id"])]
        constraints = [
            models.UniqueConstraint(
                name="approval_waits_once", fields=["proposal"], condition=models.Q(state="waiting")
            )
        ]

    def __str__(self) -> str:
        return str(self.proposal_id)
