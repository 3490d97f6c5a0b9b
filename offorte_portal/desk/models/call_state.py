from django.conf import settings
from django.db import models

from offorte_portal import ports
from proposals.models.proposal import Proposal


class CallState(models.Model):
    """A proposal that a person has taken off their call list: for now, or until there is newer news of it.

    With `until` it is snoozed to that moment, whatever happens; without, it is done with all news up to `handled_at`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="+")
    handled_at = models.DateTimeField(default=ports.now)
    until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "proposal"], name="call_state_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.proposal_id}"
