"""django-q's worker, with somebody beside it who sees that what is left behind is taken up and that work goes on."""

import logging
import os
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError, close_old_connections
from django_q.cluster import Cluster
from django_q.management.commands.qcluster import Command as DjangoQCommand

from offorte_portal import ports
from offorte_portal.ports import queueing
from offorte_portal.runs import beats
from offorte_portal.webhooks import recovery

logger = logging.getLogger(__name__)

# Seconds between two looks at what was left behind, and at whether to stop.
LOOK_EVERY = 3.0
NAP = 0.25


class WatchedCluster(Cluster):  # type: ignore[misc]  # django-q has no types
    """A cluster that is asked to stop by a signal and stopped by whoever watches it.

    django-q stops it within the signal's handler, which may be in the middle of a transaction of ours.
    """

    is_asked_to_stop = False

    def sig_handler(self, signum: int, frame: FrameType | None) -> None:
        """Remember that it is to stop."""
        self.is_asked_to_stop = True


class Command(DjangoQCommand):  # type: ignore[misc]  # django-q has no types
    """Runs the worker until it is told to stop; the tasks that run then are waited for."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Start the cluster, look after it, stop it. Raises CommandError where it ended by itself."""
        if name := options.get("cluster_name"):
            os.environ["Q_CLUSTER_NAME"] = name
        cluster = WatchedCluster()
        cluster.start()
        if not options.get("run_once"):
            look_after(cluster)
        if not cluster.sentinel.is_alive() and not cluster.is_asked_to_stop and not options.get("run_once"):
            raise CommandError("The worker's processes ended by themselves.")
        cluster.stop()


def look_after(cluster: WatchedCluster) -> None:
    """Take up what was left behind, and ask for heartbeats, until the cluster is to stop or has ended."""
    heartbeat = beats.Heartbeat(lambda: queueing.queue(beats.come_back, name="Heartbeat", save=False))
    has_begun = False
    due_at = ports.monotonic()
    while cluster.sentinel.is_alive() and not cluster.is_asked_to_stop:
        if ports.monotonic() >= due_at:
            # Of what was asked for while the queue was away, nothing was queued.
            has_begun = attempt(recovery.look if has_begun else recovery.begin)
            attempt(heartbeat.tick)
            due_at = ports.monotonic() + LOOK_EVERY
        ports.sleep(NAP)


def attempt(step: Callable[[], None]) -> bool:
    """Do one step; a database or a queue that is away is no reason to end, for it is done again in a moment."""
    close_old_connections()
    try:
        step()
    except (DatabaseError, *queueing.QUEUE_ERRORS) as error:
        logger.warning("The worker could not look for what was left behind (%s)", type(error).__name__)
        logger.debug("Because of this", exc_info=True)
        return False
    return True
