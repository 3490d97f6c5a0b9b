"""Removes old events from the security log, and the oldest failures where a flood has left too many."""

from datetime import timedelta
from itertools import product

from django.db import transaction

from offorte_portal import ports
from offorte_portal.staff.models.security_event import Kind, SecurityEvent

KEPT_DAYS = 400
# Events of one kind that anybody can cause without signing in: about staff, and as many again about unknown people, so
# that the latter push out no others.
MOST_FAILURES = 100_000
# Events that are removed at once: few enough that nobody waits long for the database.
BATCH = 500
_BY_ANYBODY = (Kind.SIGN_IN_FAILED, Kind.PASSWORD_RESET_ASKED)


def drop_old() -> int:
    """Remove events older than KEPT_DAYS, and the oldest beyond MOST_FAILURES, in batches; return how many."""
    old = [SecurityEvent.objects.filter(happened_at__lt=ports.now() - timedelta(days=KEPT_DAYS))]
    for kind, is_unknown in product(_BY_ANYBODY, (True, False)):
        rows = SecurityEvent.objects.filter(kind=kind, about__isnull=is_unknown)
        moments = rows.order_by("-happened_at").values_list("happened_at", flat=True)
        old += [rows.filter(happened_at__lte=newest) for newest in moments[MOST_FAILURES : MOST_FAILURES + 1]]
    removed = 0
    for rows in old:
        while keys := list(rows.order_by("happened_at").values_list("pk", flat=True)[:BATCH]):
            with transaction.atomic():
                removed += SecurityEvent.objects.filter(pk__in=keys).delete()[0]
    return removed
