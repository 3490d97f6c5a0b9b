"""Advancing an import: a slice of steps under a lease, and what to do when a step fails."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils import timezone

from offorte_portal.models import QuoteImport, Source
from offorte_portal.other_systems.context import LEASE, Context, ImportLostError
from offorte_portal.other_systems.stages import take_step
from offorte_portal.other_systems.systems import mapper_of, open_reader
from offorte_portal.runs import tries
from offorte_portal.sources.errors import Busy, Malformed, Refused, SourceError, WrongAddress

logger = logging.getLogger(__name__)

# A slice ends after this long, so that other tasks get their turn.
SLICE_SECONDS = 20
# An answer that can't be understood is asked for so often.
MOST_MALFORMED = 3


def advance(run_id: int, *, seconds: float = SLICE_SECONDS) -> float | None:
    """Work on an import for a while. Answers in how many seconds to go on, None when there is nothing more to do."""
    lease = claim(run_id)
    if lease is None:
        return None
    run = QuoteImport.objects.select_related("source").get(pk=run_id)
    if run.failures > tries.MOST_FAILURES:
        finish(run, lease, QuoteImport.State.FAILED, tries.STOPPED)
        return None
    try:
        # A call that begins within the slice has its time.
        with open_reader(run.source, seconds=seconds + settings.SOURCE_CALL_SECONDS) as reader:
            return work(Context(run, reader, mapper_of(run.source), lease), time.monotonic() + seconds)
    except ImportLostError:
        lose(run, lease)
        return None
    except SourceError as error:
        return recover(run, lease, error)
    except DatabaseError as error:
        logger.exception("Import %s could not write", run_id)
        return wait(run, lease, f"The database could not be written: {type(error).__name__}")
    except Exception as error:
        finish(run, lease, QuoteImport.State.FAILED, f"Unexpected error: {type(error).__name__}")
        raise


def work(context: Context, until: float) -> float | None:
    """Take steps until the import is done or the slice is over."""
    if context.run.is_cancel_requested:
        raise ImportLostError
    while time.monotonic() < until:
        if not take_step(context):
            complete(context)
            return None
    mine(context.run, context.lease).update(**tries.released())
    return 0


def claim(run_id: int) -> str | None:
    """Take the import's lease; None when it has ended, waits, or another process works on it."""
    return tries.claim(QuoteImport.objects.filter(pk=run_id), LEASE)


def complete(context: Context) -> None:
    """End an import that has read all it should."""
    run = context.run
    if finish(run, context.lease, QuoteImport.State.DONE):
        moments = {"imported_at": run.started_at} | ({} if run.since else {"read_all_at": run.started_at})
        Source.objects.filter(pk=run.source_id).update(state=Source.State.READY, state_reason="", **moments)


def recover(run: QuoteImport, lease: str, error: SourceError) -> float | None:
    """Decide what a failure means: end the import, or try again later. What was read so far stays."""
    is_passing = error.can_retry or (isinstance(error, Malformed) and run.failures < MOST_MALFORMED)
    if is_passing:
        return wait(run, lease, error.message, error.retry_after if isinstance(error, Busy) else None)
    finish(run, lease, QuoteImport.State.FAILED, error.message)
    if isinstance(error, Refused | WrongAddress):
        Source.objects.filter(pk=run.source_id).update(state=Source.State.FAILED, state_reason=error.message)
    return None


def mine(run: QuoteImport, lease: str) -> QuerySet[QuoteImport]:
    """The import as long as this process holds its lease."""
    return QuoteImport.objects.filter(pk=run.pk, lease=lease)


def wait(run: QuoteImport, lease: str, reason: str, asked: float | None = None) -> float | None:
    """Give the import back, to be tried again after a pause that grows, or as long as the system asked for."""
    if run.failures >= tries.MOST_FAILURES:
        finish(run, lease, QuoteImport.State.FAILED, reason)
        return None
    pause = max(tries.pause_after(run.failures), asked or 0.0)
    retry_at = timezone.now() + timedelta(seconds=pause)
    mine(run, lease).update(state=QuoteImport.State.WAITING, reason=reason, retry_at=retry_at, lease="")
    return pause


def finish(run: QuoteImport, lease: str, state: QuoteImport.State, reason: str = "") -> bool:
    """End the import, if this process still holds it."""
    ended = {"finished_at": timezone.now(), "retry_at": None, "lease": ""}
    return bool(mine(run, lease).update(state=state, reason=reason, **ended))


def lose(run: QuoteImport, lease: str) -> None:
    """Stop working on an import that was cancelled or taken over."""
    cancelled = mine(run, lease).filter(is_cancel_requested=True)
    if not cancelled.update(state=QuoteImport.State.CANCELLED, finished_at=timezone.now(), lease=""):
        logger.info("Import %s was taken over by another process", run.pk)


def import_now(
    run: QuoteImport, *, is_patient: bool = False, report: Callable[[QuoteImport], None] = lambda run: None
) -> QuoteImport:
    """Advance an import in the foreground until it ends, or has to wait and we are not patient.

    `report` is called after every slice.
    """
    while True:
        pause = advance(run.pk, seconds=1)
        run.refresh_from_db()
        report(run)
        if not run.is_active or (not is_patient and pause != 0):
            return run
        time.sleep(1 if pause is None else min(pause, 5))
