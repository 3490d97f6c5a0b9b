"""Follow-ups: what people want to come back to. Nothing of them goes to Offorte or to the prospect."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.tracking.models import FollowUp
from proposals.models import Proposal

# When follow-ups are due if no time is given.
MORNING = time(9)


def open_ones(user: User, *, is_mine: bool, account: Connection | None = None) -> QuerySet[FollowUp]:
    """Return the follow-ups not done, of proposals that Offorte still has: the person's own, or everybody's."""
    rows = FollowUp.objects.filter(done_at__isnull=True, proposal__removed_at__isnull=True)
    if account:
        rows = rows.filter(connection=account)
    return rows.filter(assigned_to=user) if is_mine else rows


def due(user: User, *, is_mine: bool, account: Connection | None = None) -> QuerySet[FollowUp]:
    """Return the open follow-ups that are due today or earlier."""
    return open_ones(user, is_mine=is_mine, account=account).filter(due_at__lt=end_of_day())


def end_of_day() -> datetime:
    """Return the next midnight in the portal's time zone."""
    tomorrow = timezone.localdate(ports.now()) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time.min))


def morning(days: int) -> datetime:
    """Return nine o'clock in so many days, in the portal's time zone."""
    return timezone.make_aware(datetime.combine(timezone.localdate(ports.now()) + timedelta(days=days), MORNING))


def create(proposals: Iterable[Proposal], *, to: User, due_at: datetime, note: str, by: User) -> int:
    """Create a follow-up for each of these proposals; return how many."""
    rows = [
        FollowUp(
            connection_id=proposal.connection_id,
            proposal=proposal,
            assigned_to=to,
            due_at=due_at,
            note=note,
            created_by=by,
        )
        for proposal in proposals
    ]
    FollowUp.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def finish(follow_up: FollowUp, by: User) -> bool:
    """Mark it as done; return False if it was done already."""
    open_one = FollowUp.objects.filter(pk=follow_up.pk, done_at__isnull=True)
    return bool(open_one.update(done_at=ports.now(), done_by=by))


def reopen(follow_up: FollowUp) -> bool:
    """Mark it as not done; return False if it was not done."""
    done_one = FollowUp.objects.filter(pk=follow_up.pk, done_at__isnull=False)
    return bool(done_one.update(done_at=None, done_by=None, mailed_on=None))


def snooze(follow_up: FollowUp, days: int) -> bool:
    """Put it off until so many days from today; return False if it is done."""
    open_one = FollowUp.objects.filter(pk=follow_up.pk, done_at__isnull=True)
    return bool(open_one.update(due_at=morning(days), snoozed=follow_up.snoozed + 1, mailed_on=None))
