"""How long notifications are kept. Entries stay as long as their proposal."""

from datetime import timedelta

from django.utils import timezone

from proposals.models import Notification

KEPT = timedelta(days=90)


def drop_old() -> int:
    """Drop notifications after three months, read or not; answer how many."""
    return Notification.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
