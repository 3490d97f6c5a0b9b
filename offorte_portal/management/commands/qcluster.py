"""django-q's worker, with a loop beside it that picks up abandoned work and checks that tasks are run."""

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

# Seconds between two searches for abandoned work, and between two checks whether to stop.
LOOK_EVERY = 3.0
NAP = 0.25


class WatchedCluster(Cluster):  # type: ignore[misc]  # django-q has no types
    """A cluster that a signal only asks to stop; the command's loop then stops it.

    django-q's own stops within the signal's handler, which may run in the middle of a transaction of ours.
    """

    is_asked_to_stop = False

    def sig_handler(self, signum: int, frame: FrameType | None) -> None:
        """Record that the cluster has been asked to stop."""
        self.is_asked_to_stop = True


class Command(DjangoQCommand):  # type: ignore[misc]  # django-q has no types
    """Runs the worker until it is asked to stop; then waits for the tasks that still run."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Start the cluster, watch it and stop it. Raises CommandError where it ended by itself."""
        if name := options.get("cluster_name"):
            os.environ["Q_CLUSTER_NAME"] = name
        cluster = WatchedCluster()
        cluster.start()
        if not options.get("run_once"):
            look_after(cluster)
        if not cluster.sentinel.is_alive() and not cluster.is_asked_to_stop and not options.get("run_once"):
            raise CommandError("The worker's processes stopped unexpectedly.")
        cluster.stop()


def look_after(cluster: WatchedCluster) -> None:
    """Pick up abandoned work, and queue heartbeats, until the cluster is asked to stop or has ended."""
    heartbeat = beats.Heartbeat(lambda: queueing.queue(beats.come_back, name="Heartbeat", save=False))
    has_begun = False
    due_at = ports.monotonic()
    while cluster.sentinel.is_alive() and not cluster.is_asked_to_stop:
        if ports.monotonic() >= due_at:
            # Begins again after a failure: what was asked for while the queue was unreachable was not queued.
            has_begun = attempt(recovery.look if has_begun else recovery.begin)
            attempt(heartbeat.tick)
            due_at = ports.monotonic() + LOOK_EVERY
        ports.sleep(NAP)


def attempt(step: Callable[[], None]) -> bool:
    """Do one step; return False where the database or the queue is unreachable, for it is tried again soon."""
    close_old_connections()
    try:
        step()
    except (DatabaseError, *queueing.QUEUE_ERRORS) as error:
        logger.warning("The worker could not search for abandoned work (%s)", type(error).__name__)
        logger.debug("Because of this", exc_info=True)
        return False
    return True
