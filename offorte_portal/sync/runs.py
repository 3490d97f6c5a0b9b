"""Starts, cancels and resumes syncs. A database constraint allows one active run for each account."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.registry import LISTED
from offorte_portal.runs import tries
from offorte_portal.sync.context import LEASE
from offorte_portal.sync.models import SyncRun
from offorte_portal.sync.work import enqueue


def request(
    connection: Connection,
    *,
    trigger: SyncRun.Trigger,
    by: User | None = None,
    only: Iterable[str] = (),
    is_queued: bool = True,
) -> SyncRun:
    """Start a sync, or return the one that is already under way.

    `only` names resources of the registry, empty for all; an unknown name raises ValueError. With `is_queued` false the
    caller advances the run.
    """
    names = list(only)
    known = [resource.name for resource in LISTED]
    if unknown := [name for name in names if name not in known]:
        raise ValueError(f"No such resource: {', '.join(unknown)}. There are: {', '.join(known)}.")
    try:
        with transaction.atomic():
            run = SyncRun.objects.create(connection=connection, trigger=trigger, requested_by=by, only=names)
    except IntegrityError:
        return SyncRun.objects.get(connection=connection, state__in=SyncRun.ACTIVE)
    if is_queued:
        enqueue(run)
    return run


def cancel(run: SyncRun) -> None:
    """End an active run: at once if nothing works on it, else before its next request."""
    tries.cancel(SyncRun.objects.filter(pk=run.pk), LEASE)
    run.refresh_from_db()


def allow_removals(run: SyncRun, *, by: User) -> SyncRun:
    """Start a run that may remove everything absent, after a person has agreed to what `run` held back."""
    later = request(run.connection, trigger=SyncRun.Trigger.PERSON, by=by, only=run.only, is_queued=False)
    SyncRun.objects.filter(pk=later.pk).update(allows_mass_removal=True)
    SyncRun.objects.filter(pk=run.pk).update(held_removals={})
    enqueue(later)
    later.refresh_from_db()
    return later


def keep_held(run: SyncRun) -> None:
    """Leave what `run` held back in the mirror. The next sync that misses as much asks again."""
    SyncRun.objects.filter(pk=run.pk).update(held_removals={})
    run.refresh_from_db()


def request_due() -> list[SyncRun]:
    """Start the scheduled syncs that are due."""
    if settings.OFFORTE_SYNC_INTERVAL <= 0:
        return []
    since = ports.now() - timedelta(minutes=settings.OFFORTE_SYNC_INTERVAL)
    fresh = Q(sync_runs__state__in=SyncRun.ACTIVE) | Q(sync_runs__created_at__gt=since)
    busy = Connection.objects.filter(fresh).values("pk")
    due = Connection.objects.filter(state=Connection.State.CONNECTED).exclude(pk__in=busy)
    return [request(connection, trigger=SyncRun.Trigger.SCHEDULE) for connection in due]


def resume_stranded() -> list[SyncRun]:
    """Queue the active runs that nothing works on: their process died, or their retry is due."""
    runs = list(SyncRun.objects.filter(tries.is_due(LEASE)))
    for run in runs:
        enqueue(run)
    return runs
