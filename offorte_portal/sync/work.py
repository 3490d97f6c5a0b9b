"""Advancing a run: a slice of steps under a lease, and what to do when a step fails."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError
from django.db.models import F, QuerySet
from django.utils import timezone

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
from offorte_portal.connections.budget import Lane
from offorte_portal.mirror.pages import DATABASE_AWAY
from offorte_portal.models import Connection, SyncRun
from offorte_portal.runs import tries
from offorte_portal.services import connection as connections
from offorte_portal.sync import absences, details, lists
from offorte_portal.sync.checkpoint import Checkpoint
from offorte_portal.sync.context import LEASE, Context, RunLostError

logger = logging.getLogger(__name__)

# A slice ends after this long, so that other tasks get their turn.
SLICE_SECONDS = 20
# A place that fails this often is left with a warning; after as many places in a row the run fails.
TRIES = 3

MakeClient = Callable[[Connection], Client]


def background_client(connection: Connection) -> Client:
    """A client in the background's lane."""
    return connections.client(connection, Lane.BACKGROUND)


def advance(
    run_id: int, *, make_client: MakeClient = background_client, seconds: float = SLICE_SECONDS
) -> float | None:
    """Work on a run for a while. Answers in how many seconds to go on, None when there is nothing more to do here."""
    lease = claim(run_id)
    if lease is None:
        return None
    run = SyncRun.objects.select_related("connection").get(pk=run_id)
    if run.failures > tries.MOST_FAILURES:
        finish(run, lease, SyncRun.State.FAILED, tries.STOPPED)
        return None
    try:
        client = make_client(run.connection)
    except OfforteError as error:
        finish(run, lease, SyncRun.State.FAILED, error.message)
        return None
    context = Context(run, client, lease, load_checkpoint(run))
    try:
        return work(context, time.monotonic() + seconds)
    except RunLostError:
        lose(run, lease)
        return None
    except OfforteError as error:
        return recover(context, error)
    except (DatabaseError, InterfaceError) as error:
        logger.exception("Sync %s could not write", run_id)
        reason = f"The database could not be written: {error}"
        return wait(run, lease, reason) if isinstance(error, DATABASE_AWAY) else leave_place(context, reason)
    except Exception as error:
        finish(run, lease, SyncRun.State.FAILED, f"Unexpected error: {type(error).__name__}")
        raise
    finally:
        client.transport.close()


def work(context: Context, until: float) -> float | None:
    """Take steps until the run is done or the slice is over, and wait where the budget says so."""
    if context.run.is_cancel_requested:
        raise RunLostError
    while (left := until - time.monotonic()) > 0:
        try:
            if not take_step(context):
                finish(context.run, context.lease, SyncRun.State.DONE)
                return None
        except RateLimited as error:
            time.sleep(max(0.01, min(error.retry_after or 5, left)))
    return release(context.run, context.lease)


def claim(run_id: int) -> str | None:
    """Take the run's lease; None when the run has ended, waits, or is worked on by another process."""
    return tries.claim(SyncRun.objects.filter(pk=run_id), LEASE, attempts=F("attempts") + 1)


def load_checkpoint(run: SyncRun) -> Checkpoint:
    """Where the run stands; a new one begins now, or where the account's last run stood if the clock went back."""
    if run.checkpoint:
        return Checkpoint.load(run.checkpoint)
    earlier = SyncRun.objects.filter(connection=run.connection_id, pk__lt=run.pk).exclude(checkpoint={}).first()
    floor = datetime.fromisoformat(earlier.checkpoint["as_of"]) if earlier else timezone.now()
    begin = max(timezone.now(), floor + timedelta(microseconds=1)).isoformat()
    return Checkpoint(since=begin, as_of=begin)


def take_step(context: Context) -> bool:
    """Do the next thing that the run has to do; False when it is done."""
    match context.at.stage:
        case "lists":
            lists.read_next_page(context)
        case "absences":
            absences.settle_next_absence(context)
        case _:
            return details.read_next_details(context)
    return True


def recover(context: Context, error: OfforteError) -> float | None:
    """Decide what a failed request means for the run: end it, try again later, or go on without this place."""
    run, lease = context.run, context.lease
    if isinstance(error, AuthenticationFailed | NotConnected):
        finish(run, lease, SyncRun.State.FAILED, error.message)
        return None
    is_refused = isinstance(error, MalformedAnswer | Rejected)
    if is_refused or (isinstance(error, Unavailable) and error.status == 500):
        return leave_place(context, error.message)
    return wait(run, lease, error.message)


def leave_place(context: Context, reason: str) -> float | None:
    """Try a place that can't be read again, then go on without it; end the run after too many places in a row."""
    run, lease = context.run, context.lease
    if run.failures < TRIES:
        return wait(run, lease, reason)
    skips = context.at.skips + 1
    if skips >= TRIES:
        finish(run, lease, SyncRun.State.FAILED, reason)
        return None
    try:
        skip_place(context, reason, skips)
    except RunLostError:
        lose(run, lease)
        return None
    return release(run, lease)


def skip_place(context: Context, reason: str, skips: int) -> None:
    """Go on without the list, the absent object or the details that can't be read."""
    match context.at.stage:
        case "lists":
            lists.give_up_list(context, reason, skips=skips)
        case "absences":
            absences.skip_resource(context, reason, skips=skips)
        case _:
            details.skip_details(context, reason, skips=skips)


def mine(run: SyncRun, lease: str) -> QuerySet[SyncRun]:
    """The run as long as this process holds its lease."""
    return SyncRun.objects.filter(pk=run.pk, lease=lease)


def release(run: SyncRun, lease: str) -> float:
    """Give the run back, to be gone on with at once."""
    mine(run, lease).update(**tries.released())
    return 0


def wait(run: SyncRun, lease: str, reason: str) -> float | None:
    """Give the run back, to be tried again after a pause that grows; fail it after too many tries."""
    if run.failures >= tries.MOST_FAILURES:
        finish(run, lease, SyncRun.State.FAILED, reason)
        return None
    pause = tries.pause_after(run.failures)
    retry_at = timezone.now() + timedelta(seconds=pause)
    mine(run, lease).update(state=SyncRun.State.WAITING, reason=reason, retry_at=retry_at, lease="")
    return pause


def finish(run: SyncRun, lease: str, state: SyncRun.State, reason: str = "") -> None:
    """End the run."""
    mine(run, lease).update(state=state, reason=reason, finished_at=timezone.now(), retry_at=None, lease="")


def lose(run: SyncRun, lease: str) -> None:
    """Stop working on a run that was cancelled or taken over."""
    cancelled = SyncRun.objects.filter(pk=run.pk, lease=lease, is_cancel_requested=True)
    if not cancelled.update(state=SyncRun.State.CANCELLED, finished_at=timezone.now(), lease=""):
        logger.info("Sync %s was taken over by another process", run.pk)


def sync_now(
    run: SyncRun, *, make_client: MakeClient = background_client, report: Callable[[SyncRun], None] = lambda run: None
) -> SyncRun:
    """Advance a run in the foreground until it ends; `report` is called after every step's slice."""
    while True:
        pause = advance(run.pk, make_client=make_client, seconds=1)
        run.refresh_from_db()
        report(run)
        if not run.is_active:
            return run
        time.sleep(1 if pause is None else min(pause, 5))
