"""Going on with what a worker that is gone has left behind, without waiting for the queue or for the minute's sweep.

Whoever runs `qcluster` calls this. The leases in our own rows say what was held, and by whom it no longer is; what the
queue remembers of it (django-q gives a task of a dead worker out again after minutes) is not waited for.
"""

import logging

from offorte_portal import ports, writes
from offorte_portal.connections import drains
from offorte_portal.models import Drain
from offorte_portal.webhooks import draining as events
from offorte_portal.webhooks import inbox

logger = logging.getLogger(__name__)

SWEEP = "offorte_portal.tasks.sweep"


def begin() -> None:
    """When a worker starts or the queue is back: what was queued may have gone, so that all is looked at anew.

    Raises one of QUEUE_ERRORS while the queue is away.
    """
    ports.count_waiting()
    drains.forget_tasks(ports.now())
    sweep()
    ports.queue(SWEEP, name="Sweep of a worker that starts")


def look() -> None:
    """Every few seconds: give back what nobody keeps any more, and queue it again. Raises one of QUEUE_ERRORS."""
    writes.recover()
    for connection_id in drains.release_expired(Drain.Queue.EVENTS):
        inbox.wake(connection_id)
    # A worker that has two tasks to do may hold one more for a while: it is queued once more, and finds nothing to do.
    if not ports.count_waiting() and drains.forget_tasks(ports.now() - drains.VANISHED_AFTER):
        sweep()


def sweep() -> None:
    """Queue the accounts in which something is to be written or to be read."""
    writes.sweep()
    events.sweep()
