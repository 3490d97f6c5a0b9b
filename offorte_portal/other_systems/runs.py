"""Starting, cancelling and resuming imports. At most one of a system is active: the database holds it to that."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from offorte_portal import ports
from offorte_portal.other_systems.context import LEASE
from offorte_portal.other_systems.models import QuoteImport, Source
from offorte_portal.other_systems.opening import disabled_names, system_of
from offorte_portal.other_systems.systems.errors import SourceError
from offorte_portal.other_systems.work import enqueue
from offorte_portal.runs import tries

# How often everything is read where a system can tell what has changed: only then is seen what is gone.
READ_ALL_EVERY = timedelta(days=7)
# Clocks differ, and what changes during an import must not fall between two.
OVERLAP = timedelta(minutes=10)


def request(
    source: Source,
    *,
    trigger: QuoteImport.Trigger,
    by: User | None = None,
    everything: bool = False,
    is_queued: bool = True,
) -> QuoteImport:
    """Start an import, or answer the one that is under way. With `is_queued` false the caller advances it."""
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
    """From when on changes have to be read; None where everything has to be."""
    try:
        is_incremental = system_of(source).reader.is_incremental
    except SourceError:
        return None
    if not is_incremental or not source.read_all_at or source.read_all_at < ports.now() - READ_ALL_EVERY:
        return None
    last = source.imports.filter(state=QuoteImport.State.DONE).first()
    return last.started_at - OVERLAP if last and last.started_at else None


def cancel(run: QuoteImport) -> None:
    """End an active import: at once when nothing works on it, else before its next request."""
    tries.cancel(QuoteImport.objects.filter(pk=run.pk), LEASE)
    run.refresh_from_db()


def request_due() -> list[QuoteImport]:
    """Start the scheduled imports whose time has come; not of systems that need attention or are switched off."""
    now, due = ports.now(), []
    scheduled = Source.objects.filter(interval__gt=0, state=Source.State.READY).exclude(system__in=disabled_names())
    for source in scheduled.exclude(imports__state__in=QuoteImport.ACTIVE):
        last = source.imports.first()
        if last is None or last.created_at <= now - timedelta(minutes=source.interval):
            due.append(request(source, trigger=QuoteImport.Trigger.SCHEDULE))
    return due


def resume_stranded() -> list[QuoteImport]:
    """Queue the active imports that nothing works on: their process died, or their time to try again has come."""
    runs = list(QuoteImport.objects.filter(tries.is_due(LEASE)).order_by("pk"))
    for run in runs:
        enqueue(run)
    return runs
