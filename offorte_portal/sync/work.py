"""Advances a run: takes steps under a lease for a slice of time, and decides what to do if a step fails."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError
from django.db.models import F

from offorte_portal import ports
from offorte_portal.api.client import Client
from offorte_portal.api.errors import (
    AuthenticationFailed,
    MalformedAnswer,
    NotConnected,
    OfforteError,
    RateLimited,
    Rejected,
    Unavailable,
)
from offorte_portal.changes.recording import Recording, Source, recording
from offorte_portal.changes.registry import READ_AGAIN
from offorte_portal.connections import connecting as connections
from offorte_portal.connections.budget import Lane
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.lists import DATABASE_AWAY
from offorte_portal.ports import queueing
from offorte_portal.runs import tries
from offorte_portal.runs.lease import Lease, LeaseLostError
from offorte_portal.runs.reasons import Reason, RunReason
from offorte_portal.sync import absences, details, lists
from offorte_portal.sync.checkpoint import Checkpoint
from offorte_portal.sync.context import LEASE, Context
from offorte_portal.sync.models import SyncRun

logger = logging.getLogger(__name__)

# A slice ends after this many seconds, so that other tasks get their turn.
SLICE_SECONDS = 20
# A place that fails this often is skipped with a warning; after this many places in a row the run fails.
TRIES = 3
# Characters of a database's error message that are kept.
MOST_OF_AN_ERROR = 500

MakeClient = Callable[[Connection], Client]


def background_client(connection: Connection) -> Client:
    return connections.client(connection, Lane.BACKGROUND)


def advance_sync(run_id: int) -> None:
    """Work on a run for a slice, and queue the rest of it. This is the task."""
    if advance(run_id) == 0:
        enqueue(SyncRun.objects.get(pk=run_id))


def enqueue(run: SyncRun) -> None:
    """Let the worker advance the run, once the current transaction is committed."""
    queueing.queue(advance_sync, run.pk, name=f"Sync {run.pk}")


def advance(
    run_id: int, *, make_client: MakeClient = background_client, seconds: float = SLICE_SECONDS
) -> float | None:
    """Work on a run for a while; return the seconds until it goes on, or None if nothing is left to do here."""
    held = claim(run_id)
    if held is None:
        return None
    run = SyncRun.objects.select_related("connection").get(pk=run_id)
    if run.failures > tries.MOST_FAILURES:
        finish(run, held, SyncRun.State.FAILED, RunReason.STOPPED())
        return None
    try:
        client = make_client(run.connection)
    except OfforteError as error:
        finish(run, held, SyncRun.State.FAILED, error.reason)
        return None
    context = Context(run, client, held, load_checkpoint(run))
    try:
        return work(context, ports.monotonic() + seconds)
    except LeaseLostError:
        lose(run, held)
        return None
    except OfforteError as error:
        return recover(context, error)
    except (DatabaseError, InterfaceError) as error:
        logger.exception("Sync %s could not write", run_id)
        reason = RunReason.DATABASE(error=str(error)[:MOST_OF_AN_ERROR])
        return wait(run, held, reason) if isinstance(error, DATABASE_AWAY) else leave_place(context, reason)
    except Exception as error:
        finish(run, held, SyncRun.State.FAILED, RunReason.UNEXPECTED(error=type(error).__name__))
        raise
    finally:
        client.transport.close()


def work(context: Context, until: float) -> float | None:
    """Take steps until the run is done or the slice is over, and wait when the budget says so."""
    if context.run.is_cancel_requested:
        raise LeaseLostError
    while (left := until - ports.monotonic()) > 0:
        try:
            if not take_step(context):
                finish(context.run, context.lease, SyncRun.State.DONE)
                return None
        except RateLimited as error:
            ports.sleep(max(0.01, min(error.retry_after or 5, left)))
    return release(context.lease)


def claim(run_id: int) -> Lease | None:
    """Claim the run; return None if it has ended, waits, or is worked on by another process."""
    return tries.claim(SyncRun.objects.filter(pk=run_id), LEASE, attempts=F("attempts") + 1)


def load_checkpoint(run: SyncRun) -> Checkpoint:
    """Return the run's checkpoint; a new one begins now, or after the account's last run if the clock went back."""
    if run.checkpoint:
        return Checkpoint.load(run.checkpoint)
    earlier = SyncRun.objects.filter(connection=run.connection_id, pk__lt=run.pk).exclude(checkpoint={}).first()
    floor = datetime.fromisoformat(earlier.checkpoint["as_of"]) if earlier else ports.now()
    begin = max(ports.now(), floor + timedelta(microseconds=1)).isoformat()
    return Checkpoint(since=begin, as_of=begin)


def take_step(context: Context) -> bool:
    """Take the next step of the run; return False when it is done."""
    match context.at.stage:
        case "lists":
            lists.read_next_page(context)
        case "absences":
            absences.settle_next_absence(context)
        case _:
            return details.read_next_details(context)
    return True


def recover(context: Context, error: OfforteError) -> float | None:
    """Decide what a failed request means for the run: end it, try again later, or skip this place."""
    run, held = context.run, context.lease
    if isinstance(error, AuthenticationFailed | NotConnected):
        finish(run, held, SyncRun.State.FAILED, error.reason)
        return None
    is_refused = isinstance(error, MalformedAnswer | Rejected)
    if is_refused or (isinstance(error, Unavailable) and error.status == 500):
        return leave_place(context, error.reason)
    return wait(run, held, error.reason)


def leave_place(context: Context, reason: Reason) -> float | None:
    """Retry a place that can't be read, then go on without it; end the run after too many places in a row."""
    run, held = context.run, context.lease
    if run.failures < TRIES:
        return wait(run, held, reason)
    skips = context.at.skips + 1
    if skips >= TRIES:
        finish(run, held, SyncRun.State.FAILED, reason)
        return None
    try:
        match context.at.stage:
            case "lists":
                lists.give_up_list(context, reason, skips=skips)
            case "absences":
                absences.skip_resource(context, reason, skips=skips)
            case _:
                details.skip_details(context, reason, skips=skips)
    except LeaseLostError:
        lose(run, held)
        return None
    return release(held)


def release(held: Lease) -> float:
    """Give the run back, to be continued at once."""
    tries.give_back(held)
    return 0


def wait(run: SyncRun, held: Lease, reason: Reason) -> float | None:
    """Give the run back, to be retried after a pause that grows; fail it after too many tries."""
    if run.failures >= tries.MOST_FAILURES:
        finish(run, held, SyncRun.State.FAILED, reason)
        return None
    return tries.postpone(held, run.failures, reason)


def finish(run: SyncRun, held: Lease, state: SyncRun.State, reason: Reason | None = None) -> None:
    """End the run in this state."""
    with recording(run.connection_id, Source.SYNC) as record:
        tell_end(record, run, tries.end(held, state, reason))


def lose(run: SyncRun, held: Lease) -> None:
    """Stop working on a run that was cancelled or taken over."""
    with recording(run.connection_id, Source.SYNC) as record:
        ended = tries.end_cancelled(held)
        tell_end(record, run, ended)
    if not ended:
        logger.info("Sync %s was taken over by another process", run.pk)


def tell_end(record: Recording, run: SyncRun, ended: bool) -> None:
    """Tell the change feed's followers to read everything again, if the run ended before it did so itself."""
    if ended and SyncRun.objects.filter(pk=run.pk, checkpoint__is_quiet=True).exists():
        record.add_fact(READ_AGAIN)


def sync_now(
    run: SyncRun, *, make_client: MakeClient = background_client, report: Callable[[SyncRun], None] = lambda run: None
) -> SyncRun:
    """Advance a run in the foreground until it ends; `report` is called about every second."""
    while True:
        pause = advance(run.pk, make_client=make_client, seconds=1)
        run.refresh_from_db()
        report(run)
        if not run.is_active:
            return run
        ports.sleep(1 if pause is None else min(pause, 5))
