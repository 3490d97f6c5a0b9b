"""Follow-ups: what a person wants to come back to, and when. Nothing of it goes to Offorte or to the prospect."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from proposals.models.proposal import Proposal

NOTE_LENGTH = 500


class FollowUp(models.Model):
    """Something to do about a proposal, until it is done."""

    class Rule(models.TextChoices):
        NONE = "", _("By hand")
        UNSEEN = "unseen", _("Not seen")
        SILENT = "silent", _("No answer")

    class Ended(models.TextChoices):
        """Why it ended without anyone finishing it."""

        ANSWERED = "answered", _("no longer needed")
        DECIDED = "decided", _("the proposal was decided")
        DELETED = "deleted", _("the proposal was deleted")

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", verbose_name=_("account"))
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="follow_ups", verbose_name=_("proposal"))
    # Null if a rule made it for a seller without an account here; people who work on all proposals may finish it.
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", verbose_name=_("for"), db_index=False
    )
    due_at = models.DateTimeField(_("due"))
    note = models.CharField(_("note"), max_length=NOTE_LENGTH, blank=True, default="")
    rule = models.CharField(_("why"), max_length=10, choices=Rule, default=Rule.NONE, blank=True)
    # Since when the proposal had waited when the rule made this: one for each time that it waits.
    rule_since = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=ports.now, editable=False)
    snoozed = models.PositiveIntegerField(default=0)
    # The last time that it was put off, and when it had been due: for an undo.
    snoozed_at = models.DateTimeField(null=True, editable=False)
    due_before = models.DateTimeField(null=True, editable=False)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # Empty while it is open, and if a person finished it.
    ended = models.CharField(max_length=10, choices=Ended, default="", blank=True, editable=False)
    # The day of the first digest that listed it; null again when it is put off or reopened.
    mailed_on = models.DateField(null=True)

    class Meta:
        default_permissions = ("add", "change", "view")
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "rule", "rule_since"], condition=~models.Q(rule=""), name="follow_up_rule_once"
            )
        ]
        indexes = [
            models.Index(
                name="follow_up_of", fields=["assigned_to", "due_at", "id"], condition=models.Q(done_at__isnull=True)
            ),
            models.Index(name="follow_up_due", fields=["due_at", "id"], condition=models.Q(done_at__isnull=True)),
            models.Index(
                name="follow_up_done", fields=["done_at", "assigned_to"], condition=models.Q(done_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.note or str(self.get_rule_display())


class Digest(models.Model):
    """The last day on which a person was mailed their follow-ups: one mail a day, whatever becomes of the rows."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    mailed_on = models.DateField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user} {self.mailed_on}"
