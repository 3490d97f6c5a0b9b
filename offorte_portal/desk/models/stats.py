"""The stage of each proposal, computed from Offorte's data: what the desk counts, sorts and adds up.

Rows can be deleted at any time: the next rebuild computes them again.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal.connections.models import Connection
from proposals.models.proposal import Proposal


class ProposalStats(models.Model):
    """Where one proposal stands as of `computed_at`; null is unknown. A removed proposal has no row."""

    class Stage(models.TextChoices):
        UNSEEN = "unseen", _("Open and never seen")
        SILENT = "silent", _("Seen, without an answer")

    proposal = models.OneToOneField(Proposal, models.CASCADE, primary_key=True, related_name="stats")
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", db_index=False)
    # Same as `Proposal.owner_key`.
    owner_key = models.CharField(max_length=80, default="")
    # Key of the design template; 0 for none.
    template = models.BigIntegerField(default=0)
    status = models.CharField(max_length=20, default="")
    value = models.DecimalField(max_digits=19, decimal_places=4, null=True)

    created_at = models.DateTimeField(null=True)
    # When it was first sent, first viewed by the prospect, and last viewed.
    sent_at = models.DateTimeField(null=True)
    first_viewed_at = models.DateTimeField(null=True)
    viewed_at = models.DateTimeField(null=True)
    # When it was won, lost or closed.
    decided_at = models.DateTimeField(null=True)
    # First days of the months in which it was created and decided, in the portal's time zone.
    created_month = models.DateField(null=True)
    decided_month = models.DateField(null=True)

    # What an open proposal waits for, and since when.
    stage = models.CharField(max_length=10, choices=Stage, default="", blank=True)
    since = models.DateTimeField(null=True)

    # Points, visits by the prospect (a person's views within half an hour are one), and how many people visited.
    heat = models.PositiveIntegerField(_("heat"), default=0)
    visits_day = models.PositiveIntegerField(default=0)
    visits_week = models.PositiveIntegerField(default=0)
    visits_month = models.PositiveIntegerField(default=0)
    viewers = models.PositiveIntegerField(default=0)

    # `as_of` of the proposal that this was computed from.
    as_of = models.DateTimeField()
    computed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                name="stats_stage",
                fields=["stage", "since", "connection", "owner_key", "value"],
                condition=models.Q(since__isnull=False),
            ),
            models.Index(
                name="stats_stage_of_seller",
                fields=["owner_key", "stage", "since", "connection", "value"],
                condition=models.Q(since__isnull=False),
            ),
            models.Index(
                name="stats_seen",
                fields=["viewed_at", "connection", "owner_key", "value"],
                condition=models.Q(stage="silent"),
            ),
            models.Index(name="stats_heat", fields=["heat", "proposal", "connection", "owner_key", "value"]),
            models.Index(name="stats_board", fields=["status", "created_at", "proposal", "connection", "owner_key"]),
            # The latest decisions in each column of the board.
            models.Index(
                name="stats_board_decided",
                fields=["status", "decided_at", "proposal", "connection", "owner_key"],
                condition=models.Q(decided_at__isnull=False),
            ),
            models.Index(name="stats_created", fields=["connection", "created_month"]),
            models.Index(name="stats_sent", fields=["connection", "sent_at"]),
            models.Index(name="stats_decided", fields=["connection", "decided_month"]),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.stage}".strip()

    @property
    def is_silent(self) -> bool:
        """Whether it is open, was seen and waits for an answer."""
        return self.stage == self.Stage.SILENT and self.since is not None
