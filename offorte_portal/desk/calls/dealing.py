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
def finish(proposal: Proposal, follow_up: FollowUp | None, by: User) -> datetime:
    """Take the proposal off the person's list until there is newer news, and finish the follow-up that was due.

    Return the moment, by which `undo` finds the step.
    """
    at = _keep(proposal, by, None)
    if follow_up:
        followups.finish_all(FollowUp.objects.filter(pk=follow_up.pk), by, at)
    return at


@transaction.atomic
def snooze(proposal: Proposal, follow_up: FollowUp | None, by: User, days: int) -> datetime:
    """Take the proposal off the person's list for so many work days, and put off the follow-up that was due.

    Return the moment, by which `undo` finds the step.
    """
    at = _keep(proposal, by, followups.morning(days))
    if follow_up:
        followups.snooze_all(FollowUp.objects.filter(pk=follow_up.pk), days, at)
    return at


@transaction.atomic
def undo(proposal: Proposal, follow_up: FollowUp | None, by: User, at: datetime) -> bool:
    """Take back the step of that moment, on the person's list and of the follow-up; return False if it is gone."""
    if not CallState.objects.filter(user=by, proposal=proposal, handled_at=at).delete()[0]:
        return False
    if follow_up:
        rows = FollowUp.objects.filter(pk=follow_up.pk)
        followups.reopen_all(rows.filter(done_at=at, done_by=by))
        followups.wake_all(rows, at)
    return True


def _keep(proposal: Proposal, by: User, until: datetime | None) -> datetime:
    at = ports.now()
    CallState.objects.update_or_create(user=by, proposal=proposal, defaults={"handled_at": at, "until": until})
    return at
