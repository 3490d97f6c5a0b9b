"""A mirrored account."""

from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.sync import runs as run
from offorte_portal.sync import work
from offorte_portal.sync.models import SyncRun


def mirror_account(
    connection: Connection, simulator: Simulator, *only: str, trigger: SyncRun.Trigger = SyncRun.Trigger.PERSON
) -> None:
    """Mirror the lists that are named, all of them where none is. Fails where the sync does."""
    ended = work.sync_now(run.request(connection, trigger=trigger, only=only, is_queued=False))
    assert ended.state == SyncRun.State.DONE, simulator.log
    connection.refresh_from_db()
