"""The worker's part: sends the waiting operations of one account, fairly between people and their jobs."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import OperationalError
from django.db.models import QuerySet
from django.utils import timezone

from offorte_portal import ports
from offorte_portal.api.errors import (
    AuthenticationFailed,
    NotConnected,
    OfforteError,
    OutcomeUnknown,
    RateLimited,
    Unavailable,
)
from offorte_portal.connections import drains
from offorte_portal.connections.budget import Lane
from offorte_portal.connections.models import Connection, Drain
from offorte_portal.runs import lease
from offorte_portal.text.reason import Reason
from offorte_portal.writes import queue
from offorte_portal.writes.claims import (
    LEASE,
    MOST_TRIES,
    REPEATABLE,
    Claim,
    State,
    cancel_orphans,
    cancel_strays,
    claim,
    claimable,
)
from offorte_portal.writes.models import Batch, Operation
from offorte_portal.writes.reasons import WriteReason
from offorte_portal.writes.sending import SETTLE_PAUSE, send
from offorte_portal.writes.sessions import Session, open_session
from offorte_portal.writes.settling import settle_on

logger = logging.getLogger(__name__)

# Seconds. A task does not wait longer than this for its turn: the sweep comes back.
LONGEST_WAIT = 65.0
# This many lost answers in a row mean that Offorte is away, and not that one operation is the problem.
MOST_LOST = 3


def drain(connection_id: int, *, seconds: float = 20) -> None:
    """Send the waiting operations of an account for some seconds; queue another task for what is left."""
    if queue.is_paused(connection_id):
        drains.run(Drain.Queue.WRITES, connection_id, lambda renew: None, lease=LEASE)
        return
    until = ports.monotonic() + seconds
    try:
        done = drains.run(
            Drain.Queue.WRITES, connection_id, lambda renew: work(connection_id, until, renew), lease=LEASE
        )
    except OperationalError:
        logger.exception("Account %s: the database was locked", connection_id)
        done = True
    connected = Connection.objects.filter(pk=connection_id, state=Connection.State.CONNECTED)
    if done and not queue.is_paused(connection_id) and connected.exists() and has_work(connection_id):
        queue.enqueue(connection_id)


def work(connection_id: int, until: float, renew: Callable[[], bool]) -> None:
    """Send one operation after the other until none is left, the time is over, or Offorte is away."""
    cancel_orphans(connection_id)
    connection = Connection.objects.get(pk=connection_id)
    try:
        with open_session(connection, Lane.QUEUED) as session:
            # If the account was away before, one more lost answer means that it still is.
            lost = MOST_LOST - 1 if queue.was_away(connection_id) else 0
            while renew() and ports.monotonic() < until and has_work(connection_id):
                session.permit.take_turn(max(0.01, until - ports.monotonic()))
                failure = take_step(session)
                lost = lost + 1 if isinstance(failure, OutcomeUnknown) else 0
                if is_end(connection_id, failure, is_away=lost >= MOST_LOST):
                    return
    except RateLimited as error:
        # No request's turn comes in this slice.
        seconds = error.retry_after or 0
        if seconds > LONGEST_WAIT:
            queue.pause(connection_id, seconds=seconds)
        else:
            ports.sleep(max(0.0, until - ports.monotonic()))
    except OfforteError as error:
        say_why(connection_id, error.reason)


def take_step(session: Session) -> OfforteError | None:
    """Settle a due operation with an unknown outcome, else send the next one; return the error if that failed."""
    if (doubtful := due_doubts(session.connection.pk).first()) is not None:
        return settle_on(session, doubtful)
    taken = claim_next(session.connection.pk)
    return send(session, taken) if taken else None


def is_end(connection_id: int, failure: OfforteError | None, *, is_away: bool) -> bool:
    """Return whether the next operation would fail too, after pausing the account; end its pause on success."""
    if isinstance(failure, NotConnected | AuthenticationFailed):
        say_why(connection_id, failure.reason)
        return True
    if isinstance(failure, Unavailable) or is_away:
        queue.pause(connection_id)
        return True
    if failure is None:
        queue.resume_at_once(connection_id)
    return False


def claim_next(connection_id: int) -> Claim | None:
    """Claim the next operation: those outside jobs first, then the jobs in turn. Return None if there is none.

    In turn means the least recently served person first, then the least recently served job.
    """
    own = claimable(connection_id).filter(job_id__isnull=True).order_by("pk").first()
    if own is not None:
        return claim(own)
    waiting_in = waiting(connection_id).filter(job_id__isnull=False).values("job_id").distinct()
    jobs = list(Batch.objects.filter(pk__in=waiting_in).values_list("pk", "requested_by_id", "served_at"))
    never = datetime.min.replace(tzinfo=timezone.get_default_timezone())
    served: dict[int | None, datetime] = {}
    for _, person, served_at in jobs:
        served[person] = max(served.get(person, never), served_at or never)
    jobs.sort(key=lambda job: (served[job[1]], job[2] or never, job[0]))
    for job_id, _, _ in jobs:
        following = claimable(connection_id).filter(job_id=job_id).order_by("pk").first()
        if following is not None:
            Batch.objects.filter(pk=job_id).update(served_at=ports.now())
            return claim(following)
    return None


def has_work(connection_id: int) -> bool:
    """Return whether an operation can be settled or sent now."""
    return due_doubts(connection_id).exists() or claimable(connection_id).exists()


def waiting(connection_id: int) -> "QuerySet[Operation]":
    return Operation.objects.filter(connection_id=connection_id, state=State.WAITING)


def due_doubts(connection_id: int) -> "QuerySet[Operation]":
    """Return the account's operations with an unknown outcome that are due to be looked for."""
    now = ports.now()
    warnings = Operation.objects.filter(
        lease.is_free(LEASE), connection_id=connection_id, state=State.UNKNOWN, retry_at__lte=now
    )
    return warnings.order_by("retry_at")


def sweep() -> None:
    """Find what dead processes were sending, and queue the accounts in which something is due. Runs every minute."""
    # One account at a time, so that the index by state is used.
    for connection in Connection.objects.only("state"):
        wake(connection)


def recover() -> None:
    """Continue at once with what dead processes were sending. Runs every few seconds."""
    accounts = set(drains.release_expired(Drain.Queue.WRITES))
    sending = Operation.objects.filter(connection__in=Connection.objects.all(), state=State.SENDING)
    stranded = sending.filter(lease.has_run_out(LEASE)).order_by()
    accounts |= set(stranded.values_list("connection_id", flat=True))
    for connection in Connection.objects.only("state").filter(pk__in=accounts):
        wake(connection)


def wake(connection: Connection) -> None:
    """Release what dead processes were sending in an account, and queue a task if something is due."""
    release_expired(connection.pk)
    cancel_strays(connection.pk)
    cancel_orphans(connection.pk)
    if not connection.is_connected:
        say_why(connection.pk, NotConnected().reason)
    elif not queue.is_paused(connection.pk) and has_work(connection.pk):
        queue.enqueue(connection.pk)


def release_expired(connection_id: int) -> None:
    """Release the operations that dead processes were sending; what must not be sent twice becomes unknown."""
    now = ports.now()
    sending = Operation.objects.filter(connection_id=connection_id, state=State.SENDING)
    stranded = sending.filter(lease.has_run_out(LEASE))
    free: dict[str, Any] = {"lease": "", "lease_until": None}
    for operation in stranded:
        if operation.verb not in REPEATABLE and operation.sent_at:
            columns = {
                "state": State.UNKNOWN,
                "reason": WriteReason.LOST(),
                "retry_at": operation.sent_at + SETTLE_PAUSE,
            }
        elif operation.attempts % MOST_TRIES == 0:
            columns = {"state": State.FAILED, "reason": WriteReason.TOO_OFTEN(), "finished_at": now}
        else:
            columns = {"state": State.WAITING, "reason": WriteReason.INTERRUPTED()}
        # Its process may still be alive and have continued in the meantime.
        same = stranded.filter(pk=operation.pk, lease=operation.lease, sent_at=operation.sent_at)
        same.update(**columns, **free)


def say_why(connection_id: int, reason: Reason) -> None:
    """Set the reason on all waiting operations of an account."""
    waiting(connection_id).exclude(reason=reason).update(reason=reason)
