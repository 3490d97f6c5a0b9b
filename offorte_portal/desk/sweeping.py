"""Finding what changed: the worker walks through all proposals, a stretch a minute, and takes new ones at once.

The mirror writes half a million rows past the ORM, so that nothing tells of each. A row's `as_of` does.
"""

import time
from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from offorte_portal.desk import rollups, standings
from proposals.models import DeskProgress, Proposal, Standing

BATCH = 1000
# Rows that are looked at in one stretch: wide ones, so that half a million take some minutes.
STRETCH = 25_000
LEASE = timedelta(minutes=5)


def sweep(seconds: float = 20) -> int:
    """Work out anew what has changed, for so many seconds; answer how many proposals that were.

    Does nothing where another process is at it.
    """
    now = timezone.now()
    DeskProgress.objects.get_or_create(pk=1)
    idle = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    if not DeskProgress.objects.filter(idle, pk=1).update(lease_until=now + LEASE):
        return 0
    try:
        until = time.monotonic() + seconds
        done = _take_new(until) + _walk(until) + standings.cool()
        rollups.rebuild_due(until + seconds)
        return done
    finally:
        DeskProgress.objects.filter(pk=1).update(lease_until=None)


def _walk(until: float) -> int:
    """One stretch; the next one begins where it ends, and the first one follows the last."""
    position = DeskProgress.objects.values_list("position", flat=True).get(pk=1)
    highest = Proposal.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    end = position + STRETCH
    done = _take(_stale(Proposal.objects.filter(pk__gt=position, pk__lte=end)), until)
    DeskProgress.objects.filter(pk=1).update(position=0 if end >= highest else end)
    return done


def _take_new(until: float) -> int:
    """Proposals that came after the last one that is known; keys only grow."""
    last = Standing.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return _take(Proposal.objects.filter(pk__gt=last, removed_at__isnull=True), until)


def _stale(found: QuerySet[Proposal]) -> QuerySet[Proposal]:
    unknown = Q(standing__isnull=True, removed_at__isnull=True)
    gone = Q(standing__isnull=False, removed_at__isnull=False)
    changed = Q(standing__isnull=False, removed_at__isnull=True) & ~Q(standing__as_of=F("as_of"))
    return found.filter(unknown | gone | changed)


def _take(found: QuerySet[Proposal], until: float) -> int:
    done = 0
    last = 0
    while time.monotonic() < until:
        keys = list(found.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not keys:
            break
        standings.refresh(keys)
        done, last = done + len(keys), keys[-1]
    return done
