"""Reads a system's whole lists of customers and products by slices, under a lease.

A page is stored together with the progress. What can't be read costs a page or a list, is noted, and hides no other.
"""

import logging
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Q

from offorte_portal import ports
from offorte_portal.other_systems.context import LEASE
from offorte_portal.other_systems.failing import explain, is_passing
from offorte_portal.other_systems.models import ListReading, Source
from offorte_portal.other_systems.moving.storing import mark_missing, store_page
from offorte_portal.other_systems.opening import open_reader, options_of, system_of
from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.other_systems.stages import MOST_MALFORMED, MOST_SKIPPED
from offorte_portal.other_systems.systems.errors import Busy, SourceError
from offorte_portal.other_systems.systems.interface import Reader
from offorte_portal.other_systems.systems.moved import Mover
from offorte_portal.ports import queueing
from offorte_portal.runs import tries
from offorte_portal.runs.lease import Lease, LeaseLostError
from offorte_portal.runs.reasons import Reason, RunReason

logger = logging.getLogger(__name__)

# Seconds after which a slice ends, so that other tasks get their turn.
SLICE_SECONDS = 20
State = ListReading.State


@dataclass
class Progress:
    """A reading with its reader, its mover and the lease by which this process holds it."""

    run: ListReading
    reader: Reader
    mover: Mover
    lease: Lease
    counted: int = field(default=0, init=False)

    @property
    def name(self) -> str:
        """The list that is read now; "" after the last."""
        return str(self.run.checkpoint.get("list", next(iter(self.mover.lists), "")))

    @property
    def cursor(self) -> str:
        return str(self.run.checkpoint.get("cursor", ""))

    def next_list(self) -> None:
        """Go on with the list after this one."""
        names = [*self.mover.lists, ""]
        self.run.checkpoint = {"list": names[names.index(self.name) + 1], "cursor": ""}

    def save(self) -> None:
        """Save the progress, in the transaction of what was read. Raises LeaseLostError."""
        run = self.run
        run.figures["requests"] = run.figures.get("requests", 0) + self.reader.http.count - self.counted
        self.counted = self.reader.http.count
        names = ("checkpoint", "figures", "problems", "failed", "names")
        columns = {name: getattr(run, name) for name in names}
        self.lease.save(where=Q(is_cancel_requested=False), **columns, **tries.moved())
        run.failures = tries.UNDER_WAY


def request(source: Source, *, by: User | None = None, is_queued: bool = True) -> ListReading:
    """Start a reading of the lists, or return the one that is active."""
    try:
        with transaction.atomic():
            run = ListReading.objects.create(source=source, requested_by=by)
    except IntegrityError:
        return ListReading.objects.get(source=source, state__in=ListReading.ACTIVE)
    if is_queued:
        enqueue(run)
    return run


def cancel(run: ListReading) -> None:
    """End an active reading: at once if nothing works on it, else before its next request."""
    tries.cancel(ListReading.objects.filter(pk=run.pk), LEASE)
    run.refresh_from_db()


def resume_stranded() -> list[ListReading]:
    """Queue the active readings that nothing works on: their process died, or their retry is due."""
    runs = list(ListReading.objects.filter(tries.is_due(LEASE)).order_by("pk"))
    for run in runs:
        enqueue(run)
    return runs


def enqueue(run: ListReading) -> None:
    """Queue the reading for the worker, once what was written so far is committed."""
    queueing.queue(advance_reading, run.pk, name=f"Reading {run.pk}")


def advance_reading(run_id: int) -> None:
    """Work on a reading for a slice, and put the rest of it at the end of the queue. Run as a task."""
    if advance(run_id) == 0:
        enqueue(ListReading.objects.get(pk=run_id))


def advance(run_id: int, *, seconds: float = SLICE_SECONDS) -> float | None:
    """Work on a reading for `seconds`. Return the seconds until it goes on, None when there is nothing more to do."""
    held = tries.claim(ListReading.objects.filter(pk=run_id), LEASE)
    if held is None:
        return None
    run = ListReading.objects.select_related("source").get(pk=run_id)
    if run.failures > tries.MOST_FAILURES:
        tries.end(held, State.FAILED, RunReason.STOPPED())
        return None
    try:
        mover = system_of(run.source).mover
        if mover is None:
            raise SourceError(SourceReason.UNKNOWN_SYSTEM)
        with open_reader(run.source, seconds=seconds + settings.SOURCE_CALL_SECONDS) as reader:
            return work(Progress(run, reader, mover(options_of(run.source)), held), ports.monotonic() + seconds)
    except LeaseLostError:
        tries.end_cancelled(held)
        return None
    except SourceError as error:
        if not is_passing(error):
            tries.end(held, State.FAILED, error.reason)
            return None
        return wait(run, held, error.reason, error.retry_after if isinstance(error, Busy) else None)
    except DatabaseError as error:
        logger.exception("Reading %s could not write", run_id)
        return wait(run, held, RunReason.DATABASE(error=type(error).__name__))
    except Exception as error:
        tries.end(held, State.FAILED, RunReason.UNEXPECTED(error=type(error).__name__))
        raise


def wait(run: ListReading, held: Lease, reason: Reason, asked: float | None = None) -> float | None:
    """Release the reading for a retry after a growing pause. Return its seconds, None where it has failed too often."""
    if run.failures >= tries.MOST_FAILURES:
        tries.end(held, State.FAILED, reason)
        return None
    return tries.postpone(held, run.failures, reason, asked or 0.0)


def work(progress: Progress, until: float) -> float | None:
    """Read page after page until the lists are read (return None) or the slice is over (return 0).

    Raises LeaseLostError where the reading is to be cancelled, or was taken over.
    """
    run = progress.run
    if run.is_cancel_requested:
        raise LeaseLostError
    while ports.monotonic() < until:
        if not progress.name:
            # Without any list there is nothing to show: the first reason is why.
            is_nothing = len(run.failed) == len(progress.mover.lists)
            reason = run.problems[0] if is_nothing and run.problems else None
            tries.end(progress.lease, State.FAILED if is_nothing else State.DONE, reason)
            return None
        read_page(progress)
    tries.give_back(progress.lease)
    return 0


def read_page(progress: Progress) -> None:
    """Read and store the next page. Raises SourceError where it may be readable later."""
    run, name, cursor = progress.run, progress.name, progress.cursor
    try:
        page = progress.reader.read_list(name, cursor)
    except SourceError as error:
        limit = tries.MOST_FAILURES if error.can_retry else MOST_MALFORMED
        if is_passing(error) and run.failures < limit:
            raise
        skip_page(progress, error)
        return
    with transaction.atomic():
        store_page(run, progress.mover, name, page)
        if page.next:
            run.checkpoint = {"list": name, "cursor": page.next}
        else:
            if name not in run.failed:
                mark_missing(run, progress.mover.lists[name])
            progress.next_list()
        progress.save()


def skip_page(progress: Progress, error: SourceError) -> None:
    """Go on after a page that can't be read. What the list lacks is then not taken to be gone.

    After a list's first page, and after MOST_SKIPPED pages in a row, the next list follows.
    """
    run, name, cursor = progress.run, progress.name, progress.cursor
    skipped = int(run.checkpoint.get("skipped", 0)) + 1
    system = system_of(run.source)
    reason = explain(system, name, error)
    if name not in run.failed:
        run.failed.append(name)
    if cursor:
        run.problems.append(SourceReason.PAGE_UNREADABLE(page=cursor, error=reason))
    else:
        things = Reason(system.readables[name].thing.value)
        run.problems.append(SourceReason.LIST_UNREADABLE(things=things, error=reason))
    if cursor and skipped < MOST_SKIPPED:
        run.checkpoint = {"list": name, "cursor": progress.reader.skip(cursor), "skipped": skipped}
    else:
        progress.next_list()
    with transaction.atomic():
        progress.save()


def read_now(run: ListReading) -> ListReading:
    """Advance a reading in the foreground until it ends or has to wait."""
    while advance(run.pk) == 0:
        pass
    run.refresh_from_db()
    return run
