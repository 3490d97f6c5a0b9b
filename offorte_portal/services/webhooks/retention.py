"""How long events are kept: long enough to look into what went wrong, and to tell old news from new."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from offorte_portal.models import WebhookEvent

KEPT_DAYS = 30
# So many are removed at once, so that nobody waits long for the database.
BATCH = 500


def drop_old(days: int = KEPT_DAYS) -> int:
    """Remove the settled events that came longer ago, a little at a time; answer how many. Open ones stay."""
    before = timezone.now() - timedelta(days=days)
    old = WebhookEvent.objects.filter(received_at__lt=before).exclude(state__in=WebhookEvent.OPEN)
    removed = 0
    while keys := list(old.order_by("id").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            removed += WebhookEvent.objects.filter(pk__in=keys).delete()[0]
    return removed
