"""Runs that are asked for and worked on here."""

import time

from offorte_portal import sync
from offorte_portal.models import Connection, SyncRun


def start(connection: Connection, only: tuple[str, ...] = ()) -> SyncRun:
    return sync.request(connection, trigger=SyncRun.Trigger.COMMAND, only=only, is_queued=False)


def advance_to_the_end(run: SyncRun, seconds: float = 5) -> SyncRun:
    while run.is_active:
        sync.advance(run.pk, seconds=seconds)
        time.sleep(0.02)
        run.refresh_from_db()
    return run
