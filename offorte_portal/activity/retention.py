"""How long notifications are kept. Entries are kept as long as their proposal."""

from datetime import timedelta

from offorte_portal import ports
from offorte_portal.activity.models import Notification

KEPT = timedelta(days=90)


def drop_old() -> int:
    """Delete notifications older than three months, read or not; return how many."""
    return Notification.objects.filter(created_at__lt=ports.now() - KEPT).delete()[0]
