"""Marking as read: one's own notifications, and questions, which are everybody's who works on the proposal."""

from django.contrib.auth.models import User

from offorte_portal import ports
from offorte_portal.activity.models import Activity, Notification
from offorte_portal.staff.access import may_act

PERMISSION = "proposals.view_proposal"


def count_unread(user: User) -> int:
    """What the person was told of and has not read, more than it shows in one notification included."""
    return Notification.objects.filter(user=user, read_at__isnull=True).count()


def may_settle(user: User, entry: Activity) -> bool:
    """Whether the person may mark a question as read: it is about a proposal of theirs, or they work on all."""
    return may_act(user, PERMISSION, entry.proposal)


def read_notification(notification: Notification) -> None:
    """Mark a notification as read, and its question where it has one and the person may settle it."""
    entry = notification.activity
    if entry and entry.is_unread and may_settle(notification.user, entry):
        settle_question(notification.user, entry)
    Notification.objects.filter(pk=notification.pk, read_at__isnull=True).update(read_at=ports.now())


def read_all(user: User, up_to: int) -> int:
    """Mark the person's notifications as read, up to the newest that they have seen; answer how many these were."""
    return Notification.objects.filter(user=user, read_at__isnull=True, pk__lte=up_to).update(read_at=ports.now())


def settle_question(user: User, entry: Activity) -> None:
    """Mark a question as read for all who work on the proposal, and the person's own notification of it."""
    now = ports.now()
    Activity.objects.filter(pk=entry.pk, read_at__isnull=True).update(read_at=now, read_by=user)
    Notification.objects.filter(user=user, activity=entry, read_at__isnull=True).update(read_at=now)
