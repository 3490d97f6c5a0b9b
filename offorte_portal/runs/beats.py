"""Whether background work is running: a moment in the database that workers keep fresh, and how old it may be.

Signs of life, each written at most every few seconds:

- the heartbeat task, which `qcluster` queues every few seconds: it is run only if the queue, the process that takes
  tasks from it and a process that runs them all work;
- a task that begins or goes on: the process that runs it beats from a separate thread, so that a worker with a long
  task counts as busy, and one that was stopped as silent.

The moment is stored in the database and not in the queue, so that it can be read while the queue is down.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Event, Thread
from typing import Any

from django.core.cache import caches
from django.db import DatabaseError, connections
from django_q.signals import post_execute_in_worker, post_spawn, pre_execute

from offorte_portal import ports
from offorte_portal.ports import queueing
from offorte_portal.runs.models import Pulse

logger = logging.getLogger(__name__)

WORKER, HEARTBEAT, WATCHED = "worker", "heartbeat", "watched"
# Seconds between two beats of a running task, and between two heartbeats through the queue.
BEAT_EVERY = 5.0
ASK_EVERY = 10.0
# Seconds after which a heartbeat that has not come back is queued again.
LOST_AFTER = 60.0
# If the last beat is older than this, background work has stopped.
SILENT_AFTER = timedelta(seconds=40)
# Seconds for which a process caches the state.
KNOWN_FOR = 3


class Standing(StrEnum):
    """The state of background work."""

    RUNNING = "running"
    SILENT = "silent"
    UNREACHABLE = "unreachable"


def beat(name: str = WORKER) -> None:
    """Write a sign of life. Raises DatabaseError."""
    if not Pulse.objects.filter(name=name).update(at=ports.now()):
        Pulse.objects.bulk_create([Pulse(name=name, at=ports.now())], ignore_conflicts=True)


def come_back() -> None:
    """Beat as the heartbeat task, which shows that queued tasks are run."""
    beat()
    beat(HEARTBEAT)


def last_beat(name: str = WORKER) -> datetime | None:
    """Return when a worker gave its last sign of life; None if there never was one. Raises DatabaseError."""
    return Pulse.objects.filter(name=name).values_list("at", flat=True).first()


def is_silent(at: datetime | None) -> bool:
    """Return whether a sign of life is missing, too old, or in the future because the clock was set back."""
    now = ports.now()
    return at is None or not now - SILENT_AFTER < at < now + SILENT_AFTER


def standing() -> Standing:
    """Return the state of background work, at most a few seconds old; running if the database can't be read."""
    known = caches["local"].get("background_work")
    if known is None:
        known = _read_standing()
        caches["local"].set("background_work", known, KNOWN_FOR)
    return Standing(known)


def _read_standing() -> Standing:
    try:
        if not queueing.is_queue_reachable():
            return Standing.UNREACHABLE
        at = last_beat()
        if at is None:
            # In a new portal, workers have `SILENT_AFTER` from the first look for their first beat.
            at = Pulse.objects.get_or_create(name=WATCHED, defaults={"at": ports.now()})[0].at
        return Standing.SILENT if is_silent(at) else Standing.RUNNING
    except DatabaseError:
        logger.warning("How background work stands could not be read", exc_info=True)
        return Standing.RUNNING


class Heartbeat:
    """Queues the heartbeat task regularly; while one waits, another only if that one seems lost."""

    def __init__(self, ask: Callable[[], None]) -> None:
        self._ask = ask
        self._asked_at = float("-inf")
        self._moment: datetime | None = None

    def tick(self) -> None:
        """Queue a heartbeat if it is time and the last one has come back, or must have got lost."""
        waited = ports.monotonic() - self._asked_at
        if waited < ASK_EVERY:
            return
        at = last_beat(HEARTBEAT)
        has_come_back = self._moment is None or (at is not None and at >= self._moment)
        if has_come_back or waited > LOST_AFTER:
            self._asked_at, self._moment = ports.monotonic(), ports.now()
            self._ask()


def listen() -> None:
    """Make every process that runs tasks beat meanwhile. Call it once, when the portal starts."""
    busy = Event()

    def begin(**_: Any) -> None:
        Thread(target=_beat_on, args=(busy,), name="beats", daemon=True).start()

    post_spawn.connect(begin, weak=False, dispatch_uid="beats begin")
    pre_execute.connect(lambda **_: busy.set(), weak=False, dispatch_uid="beats set")
    post_execute_in_worker.connect(lambda **_: busy.clear(), weak=False, dispatch_uid="beats clear")


def _beat_on(busy: Event) -> None:
    """Beat while this process runs a task."""
    while busy.wait():
        try:
            beat()
        except DatabaseError as error:
            logger.warning("A sign of life could not be written (%s)", type(error).__name__)
        finally:
            connections.close_all()
        ports.sleep(BEAT_EVERY)
