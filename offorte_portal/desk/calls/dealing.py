"""Taking a proposal off a person's call list: done until there is newer news, or snoozed; and back on."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from offorte_portal import ports
from offorte_portal.desk.models import CallState
from offorte_portal.tracking import followups
from offorte_portal.tracking.models import FollowUp
from proposals.models import Proposal


@transaction.atomic
def finish(proposal: Proposal, follow_up: FollowUp | None, by: User) -> None:
    """Take the proposal off the person's list until there is newer news, and finish the follow-up that was due."""
    _keep(proposal, by, None)
    if follow_up:
        followups.finish(follow_up, by)


@transaction.atomic
def snooze(proposal: Proposal, follow_up: FollowUp | None, by: User, days: int) -> None:
    """Take the proposal off the person's list for so many days, and put off the follow-up that was due."""
    _keep(proposal, by, followups.morning(days))
    if follow_up:
        followups.snooze(follow_up, days)


@transaction.atomic
def undo(proposal: Proposal, follow_up: FollowUp | None, by: User, due_at: datetime | None) -> None:
    """Put the proposal back on the person's list, and the follow-up back to when it was due."""
    CallState.objects.filter(user=by, proposal=proposal).delete()
    if follow_up is None:
        return
    followups.reopen(follow_up)
    if due_at:
        FollowUp.objects.filter(pk=follow_up.pk, done_at__isnull=True).update(due_at=due_at)


def _keep(proposal: Proposal, by: User, until: datetime | None) -> None:
    given = {"handled_at": ports.now(), "until": until}
    CallState.objects.update_or_create(user=by, proposal=proposal, defaults=given)
