"""How long notifications are kept. Entries stay as long as their proposal."""

from datetime import timedelta

from offorte_portal import ports
from offorte_portal.activity.models import Notification

KEPT = timedelta(days=90)


def drop_old() -> int:
    """Drop notifications after three months, read or not; answer how many."""
    return Notification.objects.filter(created_at__lt=ports.now() - KEPT).delete()[0]
