"""What happened to proposals, kept by the portal: Offorte tells it in pieces, and never as one list."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from proposals.models.proposal import Proposal

TEXT_LENGTH = 500


class Activity(models.Model):
    """Something that happened to a proposal, once, however often and by whatever ways Offorte told of it.

    Derived by `activity` from events and from what the mirror holds; it says nothing that Offorte has not.
    """

    class Kind(models.TextChoices):
        CREATED = "created", _("Created")
        SENT = "sent", _("Sent")
        VIEWED = "viewed", _("Viewed")
        PDF = "pdf", _("PDF opened")
        COMMENTED = "commented", _("Question")
        ANSWERED = "answered", _("Answer")
        CHOSE = "chose", _("Options changed")
        SIGNED = "signed", _("Signed")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Reopened")

    connection = models.ForeignKey(
        Connection, models.CASCADE, related_name="+", verbose_name=_("account"), db_index=False
    )
    proposal = models.ForeignKey(
        Proposal, models.CASCADE, related_name="activities", verbose_name=_("proposal"), db_index=False
    )
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    # The first of several views within half an hour.
    happened_at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField(default=ports.now, editable=False)
    # Empty while Offorte has not told who it was.
    person = models.TextField(_("who"), default="")
    is_client = models.BooleanField(_("by the prospect"), default=False)
    text = models.CharField(max_length=TEXT_LENGTH, default="")
    times = models.PositiveIntegerField(default=1)
    # Of the comment or the mail that this is about.
    remote_id = models.BigIntegerField(null=True)
    # Nobody told when it happened: this is the best that is known.
    is_estimated = models.BooleanField(default=False)
    # What tells one happening of a proposal from another.
    key = models.CharField(max_length=80)
    # The owner of the proposal, as `Proposal.owner_key` has it: a seller's feed is one walk along an index.
    owner_key = models.CharField(max_length=80, default="")
    # A question that somebody has seen, for all who work on the proposal.
    read_at = models.DateTimeField(_("read"), null=True)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-happened_at", "-id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["proposal", "key"], name="activity_activity_once")]
        indexes = [
            # The feed is walked in its order along one of these, whatever it is narrowed to. An index of the account
            # alone would have all of its entries sorted.
            models.Index(name="activity_of_all", fields=["happened_at", "id", "connection", "kind"]),
            models.Index(name="activity_of_account", fields=["connection", "happened_at", "id", "kind"]),
            models.Index(name="activity_of_account_kind", fields=["connection", "kind", "happened_at", "id"]),
            models.Index(name="activity_of_seller", fields=["owner_key", "happened_at", "id", "connection", "kind"]),
            models.Index(name="activity_of_seller_kind", fields=["owner_key", "kind", "happened_at", "id"]),
            models.Index(name="activity_of_kind", fields=["kind", "happened_at", "id", "connection", "owner_key"]),
            models.Index(
                name="activity_unread",
                fields=["owner_key", "happened_at", "id"],
                condition=models.Q(kind="commented", read_at__isnull=True),
            ),
        ]
        verbose_name = _("activity")
        verbose_name_plural = _("activities")

    def __str__(self) -> str:
        return f"{self.person} {self.kind}".strip()

    @property
    def is_unread(self) -> bool:
        """Whether it is a question that nobody has marked as read."""
        return self.kind == self.Kind.COMMENTED and self.read_at is None


class ActivityState(models.Model):
    """How far a proposal's activity was collected; without one its details were never looked at for it."""

    proposal = models.OneToOneField(Proposal, models.CASCADE, primary_key=True, related_name="activity_state")
    status = models.CharField(max_length=20, default="")
    owner_key = models.CharField(max_length=80, default="")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.status}"
