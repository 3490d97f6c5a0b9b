"""How long events are kept: their bodies for a week, the rest for a month."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Length

from offorte_portal import ports
from offorte_portal.webhooks.models import WebhookEvent

KEPT_DAYS = 30
# Events that are changed at once: few enough that nobody waits long for the database.
BATCH = 500


def drop_old(days: int = KEPT_DAYS) -> int:
    """Delete the settled events that are older than this many days, in batches; return how many. Open ones stay."""
    before = ports.now() - timedelta(days=days)
    old = WebhookEvent.objects.filter(received_at__lt=before).exclude(state__in=WebhookEvent.OPEN)
    removed = 0
    while keys := list(old.order_by("id").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            removed += WebhookEvent.objects.filter(pk__in=keys).delete()[0]
    return removed


def empty_old_bodies() -> int:
    """Empty the bodies of settled events that are older than a week, in batches; return how many."""
    before = ports.now() - WebhookEvent.BODY_KEPT
    old = WebhookEvent.objects.filter(received_at__lt=before).exclude(state__in=WebhookEvent.OPEN)
    # Filtered by length, which needs no body to be read.
    full = old.annotate(size=Length("body")).filter(size__gt=0)
    emptied = 0
    while keys := list(full.order_by("id").values_list("pk", flat=True)[:BATCH]):
        emptied += WebhookEvent.objects.filter(pk__in=keys).exclude(state__in=WebhookEvent.OPEN).update(body=b"")
    return emptied
