"""The background reader: one turn a minute for each account, so that it never uses more than its share.

1. The sweep queues a turn for every connected account in which something is due.
2. A turn reads up to half of what Offorte allows in a minute, a tenth while a sync runs, as far as the budget grants
   that in 20 seconds: about 13 of 30 a minute if nobody else is at work.
3. Before each request it gives way to more urgent work: operations to send or settle, events to apply or confirm.
   People go first through the budget itself.
4. What can't be read or stored is tried again after the pauses of `mirror/omissions.py`. While Offorte is away the turn
   ends, and the next one begins with another proposal: it may be away for that one only.

A turn that is killed loses nothing: what is due is derived from the mirror.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings

from offorte_portal import ports
from offorte_portal.api.client import Client
from offorte_portal.api.errors import (
    AuthenticationFailed,
    Hidden,
    MalformedAnswer,
    NotConnected,
    NotFound,
    OfforteError,
    RateLimited,
    Unavailable,
)
from offorte_portal.connections import connecting as connections
from offorte_portal.connections import drains, hooks
from offorte_portal.connections.budget import Lane, gate
from offorte_portal.connections.models import Connection, Drain
from offorte_portal.mirror.lists import DATABASE_AWAY
from offorte_portal.ports import queueing
from offorte_portal.sync import refreshing as proposals
from offorte_portal.sync.details import postpone
from offorte_portal.sync.models import SyncRun
from offorte_portal.sync.reading import vanished
from offorte_portal.sync.reading.sources import find_next
from offorte_portal.writes.draining import has_work
from proposals.models import Proposal

logger = logging.getLogger(__name__)

# Longer than a step takes: waiting for the budget, a request that times out, its retries.
LEASE = timedelta(seconds=120)
# Seconds after which a turn ends, however little it has read, and the longest wait for the budget at a time. It waits
# only while no other task is queued: the budget spreads background requests, 2.7 s apart at 30 a minute.
SLICE = 20.0
LONGEST_WAIT = 5.0
# A turn may use Offorte's limit a minute divided by these; and this many requests if there is no limit.
SHARE, SHARE_BESIDE_SYNC = 2, 10
UNLIMITED = 100

MakeClient = Callable[[Connection], Client]


def note_gap(connection: Connection) -> None:
    """Record that events were missed until now, which makes the details of all that was read before due again."""
    Connection.objects.filter(pk=connection.pk).update(unseen_until=ports.now())
    connection.refresh_from_db(fields=["unseen_until"])


def sweep() -> None:
    """Queue a turn for every account in which something is due. Runs every minute."""
    vanished.tell()
    now = ports.now()
    connected = hooks.with_related().filter(state=Connection.State.CONNECTED)
    for connection in connected:
        if not gives_way(connection.pk) and find_next(connection, now):
            drains.enqueue(Drain.Queue.READING, connection.pk, read)


def background_client(connection: Connection) -> Client:
    """Return a client in the background's lane that does not wait for its turn."""
    return connections.client(connection, Lane.BACKGROUND, through=gate(connection, Lane.BACKGROUND, patience=0))


def read(connection_id: int, *, make_client: MakeClient = background_client) -> None:
    """Take one turn for an account: read what is due, until the share is used or something more urgent waits."""
    connection = hooks.with_related().filter(pk=connection_id, state=Connection.State.CONNECTED).first()
    if connection is None:
        drains.run(Drain.Queue.READING, connection_id, lambda renew: None, lease=LEASE)
        return
    drains.run(Drain.Queue.READING, connection_id, lambda renew: take_turn(connection, renew, make_client), lease=LEASE)


def take_turn(connection: Connection, renew: Callable[[], bool], make_client: MakeClient) -> None:
    """Read one proposal after the other, each once."""
    until = ports.monotonic() + SLICE
    done: set[int] = set()
    client: Client | None = None
    try:
        while len(done) < allowed(connection.pk) and ports.monotonic() < until and renew():
            if gives_way(connection.pk):
                return
            proposal = find_next(connection, ports.now())
            if proposal is None or proposal.pk in done:
                return
            client = client or make_client(connection)
            try:
                read_one(client, proposal)
                done.add(proposal.pk)
            except RateLimited as error:
                if not wait(error.retry_after or LONGEST_WAIT, until):
                    return
    except OfforteError as error:
        logger.info("Account %s: the details are read later: %s", connection.pk, error)
    finally:
        if client is not None:
            client.transport.close()


def wait(seconds: float, until: float) -> bool:
    """Wait for the budget; return False if that takes too long or keeps other tasks waiting."""
    if seconds > min(LONGEST_WAIT, until - ports.monotonic()) or queueing.count_waiting():
        return False
    ports.sleep(seconds)
    return True


def read_one(client: Client, proposal: Proposal) -> None:
    """Read the details of one proposal; if they can't be read now, they are tried again later.

    Raises any OfforteError that may concern more than this proposal.
    """
    try:
        proposals.read(client, proposal)
    except (NotFound, Hidden):
        return  # The mirror has been updated.
    except MalformedAnswer:
        return  # Postponed already.
    except (RateLimited, AuthenticationFailed, NotConnected, *DATABASE_AWAY):
        raise
    except OfforteError as error:
        postpone(proposal)
        if isinstance(error, Unavailable) and error.status != 500:
            raise


def allowed(connection_id: int) -> int:
    """Return how many requests one turn may send."""
    limit = settings.OFFORTE_REQUESTS_PER_MINUTE
    if limit <= 0:
        return UNLIMITED
    is_syncing = SyncRun.objects.filter(connection_id=connection_id, state__in=SyncRun.ACTIVE).exists()
    return max(1, limit // (SHARE_BESIDE_SYNC if is_syncing else SHARE))


def gives_way(connection_id: int) -> bool:
    """Return whether operations wait to be sent or settled, or a room has other urgent work."""
    return has_work(connection_id) or any(hooks.run([room.is_busy for room in hooks.ROOMS], connection_id))
