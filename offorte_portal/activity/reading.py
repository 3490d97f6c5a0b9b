"""Marking as read: one's own notifications, and questions, for everybody who works on the proposal."""

from django.contrib.auth.models import User

from offorte_portal import ports
from offorte_portal.activity.models import Activity, Notification
from offorte_portal.staff.access import may_act

PERMISSION = "proposals.view_proposal"


def count_unread(user: User) -> int:
    """Return the number of the person's unread notifications; one that stands for many counts once."""
    return Notification.objects.filter(user=user, read_at__isnull=True).count()


def may_settle(user: User, entry: Activity) -> bool:
    """Return whether the person may mark a question as read: they own the proposal, or may work on all."""
    return may_act(user, PERMISSION, entry.proposal)


def read_notification(notification: Notification) -> None:
    """Mark a notification as read, and its question if there is one and the person may settle it."""
    entry = notification.activity
    if entry and entry.is_unread and may_settle(notification.user, entry):
        settle_question(notification.user, entry)
    Notification.objects.filter(pk=notification.pk, read_at__isnull=True).update(read_at=ports.now())


def read_all(user: User, up_to: int) -> int:
    """Mark the person's notifications up to this key as read; return how many they were."""
    return Notification.objects.filter(user=user, read_at__isnull=True, pk__lte=up_to).update(read_at=ports.now())


def settle_question(user: User, entry: Activity) -> None:
    """Mark a question as read for everybody who works on the proposal, and the person's notification of it."""
    now = ports.now()
    Activity.objects.filter(pk=entry.pk, read_at__isnull=True).update(read_at=now, read_by=user)
    Notification.objects.filter(user=user, activity=entry, read_at__isnull=True).update(read_at=now)
