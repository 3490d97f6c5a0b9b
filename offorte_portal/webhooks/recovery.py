"""Continues what a dead worker has left behind, without waiting for the queue or for the minute's sweep.

`qcluster` calls this. The leases in our own rows show what was held and is no longer renewed. The queue would be too
slow: django-q gives a task of a dead worker out again only after minutes.
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
    """Queue everything that is due again, when a worker starts or the queue is back, because queued tasks may be lost.

    Raises one of QUEUE_ERRORS while the queue is away.
    """
    queueing.count_waiting()
    drains.forget_tasks(ports.now())
    sweep()
    queueing.queue(schedules.run, "sweep", name="Sweep of a worker that starts")


def look() -> None:
    """Release what dead processes held, and queue it again, every few seconds. Raises one of QUEUE_ERRORS."""
    draining.recover()
    for connection_id in drains.release_expired(Drain.Queue.EVENTS):
        inbox.wake(connection_id)
    # A busy worker may hold one more task for a while: that one is queued again, and finds nothing to do.
    if not queueing.count_waiting() and drains.forget_tasks(ports.now() - drains.VANISHED_AFTER):
        sweep()


def sweep() -> None:
    """Queue the accounts that have operations to send or events to process."""
    draining.sweep()
    inbox.sweep()
