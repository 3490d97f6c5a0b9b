"""Starts, cancels and resumes imports. A source has at most one active import; a database constraint ensures it."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from offorte_portal import ports
from offorte_portal.other_systems.context import LEASE
from offorte_portal.other_systems.failing import find_due
from offorte_portal.other_systems.models import ImportedQuote, QuoteImport, Source, SourceRecord
from offorte_portal.other_systems.opening import disabled_names, system_of
from offorte_portal.other_systems.systems.errors import SourceError
from offorte_portal.other_systems.work import enqueue
from offorte_portal.runs import tries

# How often everything is read from a system that can list changes: only a full import finds what is gone.
READ_ALL_EVERY = timedelta(days=7)
# Subtracted from the start of the last import, as clocks differ and no change may fall between two imports.
OVERLAP = timedelta(minutes=10)


def request(
    source: Source,
    *,
    trigger: QuoteImport.Trigger,
    by: User | None = None,
    everything: bool = False,
    is_queued: bool = True,
) -> QuoteImport:
    """Start an import, or return the one that is active. Without `is_queued` the caller advances a new one."""
    since = None if everything else find_since(source)
    try:
        with transaction.atomic():
            run = QuoteImport.objects.create(source=source, trigger=trigger, requested_by=by, since=since)
    except IntegrityError:
        return QuoteImport.objects.get(source=source, state__in=QuoteImport.ACTIVE)
    if is_queued:
        enqueue(run)
    return run


def find_since(source: Source) -> datetime | None:
    """Return the moment from which on changes have to be read; None where everything has to be read."""
    try:
        is_incremental = system_of(source).reader.is_incremental
    except SourceError:
        return None
    if not is_incremental or not source.read_all_at or source.read_all_at < ports.now() - READ_ALL_EVERY:
        return None
    # An import that missed a page may have missed changes.
    last = source.imports.filter(state=QuoteImport.State.DONE).exclude(figures__has_key="unreadable_pages").first()
    return last.started_at - OVERLAP if last and last.started_at else None


def cancel(run: QuoteImport) -> None:
    """End an active import: at once if nothing works on it, else before its next request."""
    tries.cancel(QuoteImport.objects.filter(pk=run.pk), LEASE)
    run.refresh_from_db()


def request_due() -> list[QuoteImport]:
    """Start the scheduled imports that are due, but not of systems that need attention or are switched off."""
    now, due = ports.now(), []
    scheduled = Source.objects.filter(interval__gt=0, state=Source.State.READY).exclude(system__in=disabled_names())
    for source in scheduled.exclude(imports__state__in=QuoteImport.ACTIVE):
        last = source.imports.first()
        if last is None or last.created_at <= now - timedelta(minutes=source.interval):
            due.append(request(source, trigger=QuoteImport.Trigger.SCHEDULE))
    return due


def retry_due() -> list[QuoteImport]:
    """Let the last import of a source go on where something that could not be read is to be asked for again."""
    resumed = []
    sources = Source.objects.filter(state=Source.State.READY).exclude(system__in=disabled_names())
    for source in sources.exclude(imports__state__in=QuoteImport.ACTIVE):
        last = source.imports.first()
        if last is None or last.state != QuoteImport.State.DONE:
            continue
        if any(
            find_due(source, model).filter(retry_at__isnull=False).exists() for model in (ImportedQuote, SourceRecord)
        ):
            checkpoint = last.checkpoint | {"stage": "details", "cursor": "", "next": ""}
            done = QuoteImport.objects.filter(pk=last.pk, state=QuoteImport.State.DONE)
            try:
                with transaction.atomic():
                    done.update(state=QuoteImport.State.QUEUED, checkpoint=checkpoint, failures=0, finished_at=None)
            except IntegrityError:
                continue  # another import was started just now, which asks for it as well
            enqueue(last)
            resumed.append(last)
    return resumed


def resume_stranded() -> list[QuoteImport]:
    """Queue the active imports that nothing works on: their process died, or their retry is due."""
    runs = list(QuoteImport.objects.filter(tries.is_due(LEASE)).order_by("pk"))
    for run in runs:
        enqueue(run)
    return runs
