"""Follow-ups: what people want to come back to. Nothing of them goes to Offorte or to the prospect."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.contrib.auth.models import User
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.staff.access import OTHERS
from offorte_portal.tracking.models import FollowUp
from proposals.models import Proposal

# When follow-ups are due if no time is given.
MORNING = time(9)
# Days of the week from Saturday on.
SATURDAY = 5
# The work days by which people put things off, and their names.
SNOOZES = ((1, gettext_lazy("Tomorrow")), (3, gettext_lazy("In 3 days")), (5, gettext_lazy("In a week")))
STEPS = tuple(days for days, _name in SNOOZES)
# How many proposals are followed up at once: more would be a campaign, which nobody follows up by hand.
MOST = 500


def workday(days: int, start: date | None = None) -> date:
    """Return the day that is so many work days (Monday to Friday) after `start`, by default today.

    A weekend counts as the Friday before it, and no result is at a weekend: on a Friday, 1 is Monday and 5 is next
    Friday; on a Saturday, 0 and 1 are Monday. Holidays are not known, so they count as work days.
    """
    day = start or timezone.localdate(ports.now())
    left = max(days, int(is_weekend(day)))
    while left:
        day += timedelta(days=1)
        left -= not is_weekend(day)
    return day


def is_weekend(day: date) -> bool:
    return day.weekday() >= SATURDAY


def morning(days: int) -> datetime:
    """Return nine o'clock in so many work days, in the portal's time zone."""
    return timezone.make_aware(datetime.combine(workday(days), MORNING))


def end_of_day(days: int = 0) -> datetime:
    """Return the next midnight in the portal's time zone, or the one so many days later."""
    following = timezone.localdate(ports.now()) + timedelta(days=1 + days)
    return timezone.make_aware(datetime.combine(following, time.min))


def end_of_week() -> datetime:
    """Return the midnight after the coming Sunday, or after today if that is one."""
    return end_of_day(6 - timezone.localdate(ports.now()).weekday())


def open_ones(user: User, *, is_mine: bool, account: Connection | None = None) -> QuerySet[FollowUp]:
    """Return the follow-ups not done, of proposals that Offorte still has: the person's own, or everybody's."""
    rows = FollowUp.objects.filter(done_at__isnull=True, proposal__removed_at__isnull=True)
    if account:
        rows = rows.filter(connection=account)
    return rows.filter(assigned_to=user) if is_mine else rows


def of_proposals(proposals: QuerySet[Proposal] | Iterable[Proposal]) -> QuerySet[FollowUp]:
    """Return the open follow-ups of these proposals, those due first before others, with the people they name."""
    rows = FollowUp.objects.filter(proposal__in=proposals, done_at__isnull=True)
    return rows.select_related("assigned_to", "created_by").order_by("due_at", "pk")


def is_overdue(follow_up: FollowUp) -> bool:
    """Return whether it was due before today."""
    return follow_up.due_at < end_of_day(-1)


def due(user: User, *, is_mine: bool, account: Connection | None = None) -> QuerySet[FollowUp]:
    """Return the open follow-ups that are due today or earlier."""
    return open_ones(user, is_mine=is_mine, account=account).filter(due_at__lt=end_of_day())


def changeable(user: User) -> Q:
    """Return the condition for the follow-ups that a person may change: for them, by them, or all of them."""
    return Q() if user.has_perm(OTHERS) else Q(assigned_to=user) | Q(created_by=user)


def orphaned() -> Q:
    """Return the condition for follow-ups that are for someone who can no longer sign in."""
    return Q(assigned_to__is_active=False) | Q(assigned_to__is_staff=False)


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


def remind(proposals: Iterable[Proposal], days: int, by: User) -> int:
    """Create a follow-up for the person in so many work days, unless they have one by then; return how many."""
    due_at = morning(days)
    wanted = {proposal.pk: proposal for proposal in proposals}
    known = FollowUp.objects.filter(proposal__in=wanted, assigned_to=by, done_at__isnull=True, due_at__lte=due_at)
    for key in set(known.values_list("proposal", flat=True)):
        del wanted[key]
    return create(wanted.values(), to=by, due_at=due_at, note="", by=by)


def without(proposals: Iterable[int], user: User) -> list[int]:
    """Return the keys of the proposals that the person has no open follow-up for: none unless they may add one."""
    keys = list(proposals)
    if not keys or not user.has_perm("tracking.add_followup"):
        return []
    known = FollowUp.objects.filter(proposal__in=keys, assigned_to=user, done_at__isnull=True)
    return sorted(set(keys) - set(known.values_list("proposal", flat=True)))


def finish_all(rows: QuerySet[FollowUp], by: User, at: datetime | None = None) -> int:
    """Mark the open ones of these as done; return how many. `at` is what `reopen_all` finds them by."""
    return rows.filter(done_at__isnull=True).update(done_at=at or ports.now(), done_by=by, ended="")


def reopen_all(rows: QuerySet[FollowUp]) -> int:
    """Mark the done ones of these as not done; return how many."""
    return rows.filter(done_at__isnull=False).update(done_at=None, done_by=None, ended="", mailed_on=None)


def snooze_all(rows: QuerySet[FollowUp], days: int, at: datetime | None = None) -> int:
    """Put the open ones of these off until so many work days from today; return how many.

    `at` is what `wake_all` finds them by.
    """
    return rows.filter(done_at__isnull=True).update(
        due_before=F("due_at"),
        due_at=morning(days),
        snoozed=F("snoozed") + 1,
        snoozed_at=at or ports.now(),
        mailed_on=None,
    )


def wake_all(rows: QuerySet[FollowUp], at: datetime) -> int:
    """Take back what `snooze_all` did to these at that moment; return how many."""
    found = rows.filter(done_at__isnull=True, snoozed_at=at, due_before__isnull=False, snoozed__gt=0)
    return found.update(due_at=F("due_before"), snoozed=F("snoozed") - 1, due_before=None, snoozed_at=None)
