"""Runs that are asked for and worked on here."""

import time

from offorte_portal.connections.models import Connection
from offorte_portal.sync import runs as sync_run
from offorte_portal.sync import work
from offorte_portal.sync.models import SyncRun


def start(connection: Connection, only: tuple[str, ...] = ()) -> SyncRun:
    return sync_run.request(connection, trigger=SyncRun.Trigger.COMMAND, only=only, is_queued=False)


def advance_to_the_end(run: SyncRun, seconds: float = 5) -> SyncRun:
    while run.is_active:
        work.advance(run.pk, seconds=seconds)
        time.sleep(0.02)
        run.refresh_from_db()
    return run
