"""How often a run is tried at one place. A try counts even if its process is killed before it can report.

1. `claim` takes the lease and counts the try in one UPDATE. If a first try is killed, the run goes on at once (it may
   have been a restart); for later ones, `claim` stores a growing pause before the next try.
2. Progress drops failures at earlier places, and their pause: only the current try counts (`moved`).
3. A slice that ends without a failure takes its try back (`give_back`); one with a failure leaves it (`postpone`).
4. After MOST_FAILURES the run fails, with `RunReason.STOPPED` if no process lived to tell why.
"""

from datetime import timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from offorte_portal import ports
from offorte_portal.runs import lease
from offorte_portal.runs.lease import Lease
from offorte_portal.runs.reasons import Reason
from offorte_portal.runs.run import Run

# The first and the longest pause between tries in seconds, doubled each time; and how many failures end a run.
FIRST_PAUSE, LONGEST_PAUSE, MOST_FAILURES = 30, 900, 12
UNDER_WAY = 1


def claim(rows: QuerySet[Any], length: timedelta, **columns: Any) -> Lease | None:
    """Take the run that `rows` finds; return None if it has ended, waits, or another process works on it."""
    failures = rows.values_list("failures", flat=True).first()
    if failures is None:
        return None
    now = ports.now()
    return lease.acquire(
        rows,
        among=rows.filter(has_turn(), failures=failures),
        length=length,
        state=Run.State.RUNNING,
        failures=failures + 1,
        started_at=Coalesce("started_at", now),
        retry_at=now + timedelta(seconds=pause_after(failures + 1)) if failures else None,
        **columns,
    )


def has_turn() -> Q:
    """Return the condition that a run is active and its pause is over, whoever holds it."""
    return Q(Q(retry_at__isnull=True) | Q(retry_at__lte=ports.now()), state__in=Run.ACTIVE)


def is_due(length: timedelta) -> Q:
    """Return the condition that a run has its turn, and no process works on it."""
    return lease.is_free(length) & has_turn()


def moved() -> dict[str, Any]:
    """Return the columns of a run that has got further: earlier failures were at another place."""
    return {"failures": UNDER_WAY, "retry_at": None}


def give_back(held: Lease) -> None:
    """Release the run to go on at once, after a slice without a failure."""
    held.release(retry_at=None, failures=F("failures") - 1)


def postpone(held: Lease, failures: int, reason: Reason, at_least: float = 0.0) -> float:
    """Release the run to be tried again after a pause, by the number of failures; return its seconds."""
    pause = max(pause_after(failures), at_least)
    retry_at = ports.now() + timedelta(seconds=pause)
    held.release(state=Run.State.WAITING, reason=reason, retry_at=retry_at)
    return pause


def end(held: Lease, state: Run.State, reason: Reason | None = None) -> bool:
    """End the run; return False if another process has taken it over."""
    return held.release(state=state, reason=reason, finished_at=ports.now(), retry_at=None)


def cancel(rows: QuerySet[Any], length: timedelta) -> None:
    """Cancel the run that `rows` finds if active: at once if nothing works on it, else before its next request."""
    active = rows.filter(state__in=Run.ACTIVE)
    active.update(is_cancel_requested=True)
    idle = active.filter(lease.is_free(length))
    idle.update(lease="", lease_until=None, state=Run.State.CANCELLED, finished_at=ports.now())


def end_cancelled(held: Lease) -> bool:
    """End a run that somebody asked to cancel; return False if nobody did, so another process has taken it over."""
    cancelled = held.still_mine().filter(is_cancel_requested=True)
    return bool(cancelled.update(lease="", lease_until=None, state=Run.State.CANCELLED, finished_at=ports.now()))


def pause_after(failures: int) -> float:
    """Return the seconds until the next try."""
    return float(min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE))
