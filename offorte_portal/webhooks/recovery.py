"""Going on with what a worker that is gone has left behind, without waiting for the queue or for the minute's sweep.

Whoever runs `qcluster` calls this. The leases in our own rows say what was held, and by whom it no longer is; what the
queue remembers of it (django-q gives a task of a dead worker out again after minutes) is not waited for.
"""

import logging

from offorte_portal import ports
from offorte_portal.connections import drains
from offorte_portal.connections.models import Drain
from offorte_portal.ports import queueing
from offorte_portal.runs import schedules
from offorte_portal.webhooks import inbox
from offorte_portal.writes import draining

logger = logging.getLogger(__name__)


def begin() -> None:
    """When a worker starts or the queue is back: what was queued may have gone, so that all is looked at anew.

    Raises one of QUEUE_ERRORS while the queue is away.
    """
    queueing.count_waiting()
    drains.forget_tasks(ports.now())
    sweep()
    queueing.queue(schedules.run, "sweep", name="Sweep of a worker that starts")


def look() -> None:
    """Every few seconds: give back what nobody keeps any more, and queue it again. Raises one of QUEUE_ERRORS."""
    draining.recover()
    for connection_id in drains.release_expired(Drain.Queue.EVENTS):
        inbox.wake(connection_id)
    # A worker that has two tasks to do may hold one more for a while: it is queued once more, and finds nothing to do.
    if not queueing.count_waiting() and drains.forget_tasks(ports.now() - drains.VANISHED_AFTER):
        sweep()


def sweep() -> None:
    """Queue the accounts in which something is to be written or to be read."""
    draining.sweep()
    inbox.sweep()
