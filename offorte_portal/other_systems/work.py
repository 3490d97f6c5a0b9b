"""Advances an import by a slice of steps under a lease, and decides what happens when a step fails."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError

from offorte_portal import ports
from offorte_portal.other_systems.context import LEASE, Context
from offorte_portal.other_systems.models import QuoteImport, Source
from offorte_portal.other_systems.opening import mapper_of, open_reader
from offorte_portal.other_systems.stages import MOST_MALFORMED, take_step
from offorte_portal.other_systems.systems.errors import Busy, Malformed, Refused, SourceError, WrongAddress
from offorte_portal.ports import queueing
from offorte_portal.runs import tries
from offorte_portal.runs.lease import Lease, LeaseLostError
from offorte_portal.runs.reasons import Reason, RunReason

logger = logging.getLogger(__name__)

# Seconds after which a slice ends, so that other tasks get their turn.
SLICE_SECONDS = 20


def advance_import(run_id: int) -> None:
    """Work on an import for a slice, and put the rest of it at the end of the queue. Run as a task."""
    if advance(run_id) == 0:
        enqueue(QuoteImport.objects.get(pk=run_id))


def enqueue(run: QuoteImport) -> None:
    """Queue the import for the worker, once what was written so far is committed."""
    queueing.queue(advance_import, run.pk, name=f"Import {run.pk}")


def advance(run_id: int, *, seconds: float = SLICE_SECONDS) -> float | None:
    """Work on an import for `seconds`. Return the seconds until it goes on, None when there is nothing more to do."""
    held = claim(run_id)
    if held is None:
        return None
    run = QuoteImport.objects.select_related("source").get(pk=run_id)
    if run.failures > tries.MOST_FAILURES:
        tries.end(held, QuoteImport.State.FAILED, RunReason.STOPPED())
        return None
    try:
        # A call that begins within the slice may take its full time.
        with open_reader(run.source, seconds=seconds + settings.SOURCE_CALL_SECONDS) as reader:
            return work(Context(run, reader, mapper_of(run.source), held), ports.monotonic() + seconds)
    except LeaseLostError:
        if not tries.end_cancelled(held):
            logger.info("Import %s was taken over by another process", run.pk)
        return None
    except SourceError as error:
        return recover(run, held, error)
    except DatabaseError as error:
        logger.exception("Import %s could not write", run_id)
        return wait(run, held, RunReason.DATABASE(error=type(error).__name__))
    except Exception as error:
        tries.end(held, QuoteImport.State.FAILED, RunReason.UNEXPECTED(error=type(error).__name__))
        raise


def work(context: Context, until: float) -> float | None:
    """Take steps until the import is done (return None) or the slice is over (return 0).

    Raises LeaseLostError where the import is to be cancelled, or was taken over.
    """
    run = context.run
    if run.is_cancel_requested:
        raise LeaseLostError
    while ports.monotonic() < until:
        if not take_step(context):
            if tries.end(context.lease, QuoteImport.State.DONE):
                is_whole = not run.since and not run.checkpoint.get("is_partial")
                moments = {"imported_at": run.started_at} | ({"read_all_at": run.started_at} if is_whole else {})
                Source.objects.filter(pk=run.source_id).update(state=Source.State.READY, state_reason=None, **moments)
            return None
    tries.give_back(context.lease)
    return 0


def claim(run_id: int) -> Lease | None:
    """Take the import's lease; return None when it has ended, has to wait, or another process works on it."""
    return tries.claim(QuoteImport.objects.filter(pk=run_id), LEASE)


def recover(run: QuoteImport, held: Lease, error: SourceError) -> float | None:
    """End the import after a failure, or let it be retried later. What was read so far stays.

    Returns the seconds until the retry, None where the import has ended.
    """
    is_passing = error.can_retry or (isinstance(error, Malformed) and run.failures < MOST_MALFORMED)
    if is_passing:
        return wait(run, held, error.reason, error.retry_after if isinstance(error, Busy) else None)
    tries.end(held, QuoteImport.State.FAILED, error.reason)
    if isinstance(error, Refused | WrongAddress):
        Source.objects.filter(pk=run.source_id).update(state=Source.State.FAILED, state_reason=error.reason)
    return None


def wait(run: QuoteImport, held: Lease, reason: Reason, asked: float | None = None) -> float | None:
    """Release the import for a retry after a growing pause, at least as long as the system asked for.

    Returns the pause in seconds, None where the import has failed too often and has ended.
    """
    if run.failures >= tries.MOST_FAILURES:
        tries.end(held, QuoteImport.State.FAILED, reason)
        return None
    return tries.postpone(held, run.failures, reason, asked or 0.0)


def import_now(
    run: QuoteImport, *, is_patient: bool = False, report: Callable[[QuoteImport], None] = lambda run: None
) -> QuoteImport:
    """Advance an import in the foreground until it ends or, without `is_patient`, until it has to wait.

    `report` is called after every slice.
    """
    while True:
        pause = advance(run.pk, seconds=1)
        run.refresh_from_db()
        report(run)
        if not run.is_active or (not is_patient and pause != 0):
            return run
        ports.sleep(1 if pause is None else min(pause, 5))
