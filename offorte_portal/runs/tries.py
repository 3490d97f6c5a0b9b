"""How often a run is tried at one place: a process that is killed before it can say so has tried, too.

1. `claim` takes the lease and counts the try in one UPDATE. A first try that is killed is gone on with at once (it may
   have been a restart); of later ones `claim` notes that they are not before a pause that grows.
2. Progress leaves failures at other places behind, and their pause: what counts is the try under way (`moved`).
3. A slice that ends without a failure takes its try back (`released`); one with a failure leaves it (`pause_after`).
4. After MOST_FAILURES the run fails, with `STOPPED` where no process has lived to say why.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop

from offorte_portal import ports
from offorte_portal.models.run import Run

# Seconds between tries, doubled each time.
FIRST_PAUSE, LONGEST_PAUSE, MOST_FAILURES = 30, 900, 12
UNDER_WAY = 1

STOPPED = gettext_noop(
    "The worker was stopped every time it went on from here. What was read so far is kept. Start it again; if it stops "
    "here again, ask whoever runs the portal to look at the worker's log."
)


def claim(rows: QuerySet[Any], length: timedelta, **columns: Any) -> str | None:
    """Take the lease of the run that `rows` finds; None when it has ended, waits, or another process works on it."""
    now, lease = ports.now(), str(uuid.uuid4())
    failures = rows.values_list("failures", flat=True).first()
    if failures is None:
        return None
    claimed = rows.filter(is_due(now), failures=failures).update(
        lease=lease,
        lease_until=now + length,
        state=Run.State.RUNNING,
        failures=failures + 1,
        started_at=Coalesce("started_at", now),
        retry_at=now + timedelta(seconds=pause_after(failures + 1)) if failures else None,
        **columns,
    )
    return lease if claimed else None


def is_idle(now: datetime) -> Q:
    """The condition that nothing works on a run."""
    return Q(lease="") | Q(lease_until__lt=now)


def is_due(now: datetime) -> Q:
    """The condition that a run is to be gone on with."""
    return Q(is_idle(now), Q(retry_at__isnull=True) | Q(retry_at__lte=now), state__in=Run.ACTIVE)


def moved() -> dict[str, Any]:
    """Return the columns of a run that has got further: what failed before failed at another place."""
    return {"failures": UNDER_WAY, "retry_at": None}


def released() -> dict[str, Any]:
    """Return the columns of a run that is given back without a failure."""
    return {"lease": "", "retry_at": None, "failures": F("failures") - 1}


def pause_after(failures: int) -> float:
    """Return the seconds until the next try."""
    return float(min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE))
