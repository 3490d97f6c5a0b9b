"""What happened to proposals, stored by the portal: Offorte tells it in parts, and never as one list."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from proposals.models.proposal import Proposal

TEXT_LENGTH = 500


class Activity(models.Model):
    """Something that happened to a proposal: one row, however often and in how many ways Offorte tells of it.

    Derived by `activity` from events, the mirror and the change log.
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
        OWNER = "owner", _("Owner changed")
        PRICE = "price", _("Price changed")

    connection = models.ForeignKey(
        Connection, models.CASCADE, related_name="+", verbose_name=_("account"), db_index=False
    )
    proposal = models.ForeignKey(
        Proposal, models.CASCADE, related_name="activities", verbose_name=_("proposal"), db_index=False
    )
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    # Of several views within half an hour, the first.
    happened_at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField(default=ports.now, editable=False)
    # Empty while unknown.
    person = models.TextField(_("who"), default="")
    is_client = models.BooleanField(_("by the prospect"), default=False)
    text = models.CharField(max_length=TEXT_LENGTH, default="")
    times = models.PositiveIntegerField(default=1)
    # Offorte's id of the comment or mail that this is about.
    remote_id = models.BigIntegerField(null=True)
    # Offorte did not tell when it happened: `happened_at` is the best estimate.
    is_estimated = models.BooleanField(default=False)
    # Identifies a happening among those of its proposal.
    key = models.CharField(max_length=80)
    # Same as `Proposal.owner_key`: a seller's feed is read along one index.
    owner_key = models.CharField(max_length=80, default="")
    # The change that did it (`writes/attribution.py`), who asked for it and its bulk job. Plain numbers: an entry
    # outlives them.
    operation_id = models.BigIntegerField(null=True, editable=False)
    job_id = models.BigIntegerField(null=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # It takes back an earlier decision, whose own entry is gone.
    is_undo = models.BooleanField(default=False)
    # When a question was marked as read, for everybody who works on the proposal.
    read_at = models.DateTimeField(_("read"), null=True)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-happened_at", "-id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["proposal", "key"], name="activity_activity_once")]
        indexes = [
            # The feed is read in its order along one of these, whatever its filters. With an index of the account
            # alone, all of its entries would be sorted.
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
            # Entries of one job are one line: whether it has a newer one, and how many there are.
            models.Index(
                name="activity_of_job",
                fields=["job_id", "kind", "happened_at", "id", "owner_key", "connection"],
                condition=models.Q(job_id__isnull=False),
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
    """The status and owner when entries were last made from a proposal's details; no row if they never were."""

    proposal = models.OneToOneField(Proposal, models.CASCADE, primary_key=True, related_name="activity_state")
    status = models.CharField(max_length=20, default="")
    owner_key = models.CharField(max_length=80, default="")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.status}"
