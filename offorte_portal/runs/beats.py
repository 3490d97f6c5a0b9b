"""Whether background work goes on: a moment in the database that workers keep fresh, and how old it may be.

What counts as a sign of life, each written at most every few seconds:

- the heartbeat task, which whoever runs `qcluster` puts into the queue every few seconds: it comes back only if the
  queue, the process that takes tasks from it and a process that runs them all work;
- a task that begins, and one that goes on: the process that runs it beats from a thread of its own, so that a worker
  with a long task is busy and one that was stopped is silent.

The moment lies in the database and not in the queue, so that it can be read while the queue is away.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
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
# Seconds between two beats of a task that goes on, and between two heartbeats through the queue.
BEAT_EVERY = 5.0
ASK_EVERY = 10.0
# Seconds after which a heartbeat that has not come back is put into the queue once more.
LOST_AFTER = 60.0
# So much older than that, nothing beats any more.
SILENT_AFTER = timedelta(seconds=40)
# Seconds that a process goes by what it has read last.
KNOWN_FOR = 3


class Standing(StrEnum):
    """How background work stands."""

    RUNNING = "running"
    SILENT = "silent"
    UNREACHABLE = "unreachable"


def beat(name: str = WORKER) -> None:
    """Write that it is alive. Raises DatabaseError."""
    if not Pulse.objects.filter(name=name).update(at=ports.now()):
        Pulse.objects.bulk_create([Pulse(name=name, at=ports.now())], ignore_conflicts=True)


def come_back() -> None:
    """The heartbeat task: tell that what is queued is done."""
    beat()
    beat(HEARTBEAT)


def last_beat(name: str = WORKER) -> datetime | None:
    """Return when a worker gave its last sign of life; None if there never was one. Raises DatabaseError."""
    return Pulse.objects.filter(name=name).values_list("at", flat=True).first()


def is_silent(at: datetime | None) -> bool:
    """Whether a sign of life is too long ago. One from a clock that was set back since says nothing."""
    now = ports.now()
    return at is None or not now - SILENT_AFTER < at < now + SILENT_AFTER


def standing() -> Standing:
    """Return how background work stands, as read within the last seconds; a database that is away tells nothing."""
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
            # Of a portal that was just set up, no worker is expected to have beaten before somebody looked.
            at = Pulse.objects.get_or_create(name=WATCHED, defaults={"at": ports.now()})[0].at
        return Standing.SILENT if is_silent(at) else Standing.RUNNING
    except DatabaseError:
        logger.warning("How background work stands could not be read", exc_info=True)
        return Standing.RUNNING


class Heartbeat:
    """Asks for a beat through the queue, again and again; at most one such task waits at a time."""

    def __init__(self, ask: Callable[[], None]) -> None:
        self._ask = ask
        self._asked_at = float("-inf")
        self._moment: datetime | None = None

    def tick(self) -> None:
        """Queue a heartbeat when it is time for one and none waits, or the last one has surely got lost."""
        waited = ports.monotonic() - self._asked_at
        if waited < ASK_EVERY:
            return
        at = last_beat(HEARTBEAT)
        has_come_back = self._moment is None or (at is not None and at >= self._moment)
        if has_come_back or waited > LOST_AFTER:
            self._asked_at, self._moment = ports.monotonic(), ports.now()
            self._ask()


class _Beater:
    """Beats for the task that this process runs."""

    def __init__(self) -> None:
        self.busy = Event()

    def begin(self) -> None:
        Thread(target=self._beat_on, name="beats", daemon=True).start()

    def _beat_on(self) -> None:
        while self.busy.wait():
            try:
                beat()
            except DatabaseError as error:
                logger.warning("A sign of life could not be written (%s)", type(error).__name__)
            finally:
                connections.close_all()
            ports.sleep(BEAT_EVERY)


def listen() -> None:
    """Let every process that runs tasks beat while it does. Called once, when the portal starts."""
    beater = _Beater()

    def when(act: Callable[[], None], **_: Any) -> None:
        act()

    for signal, act in (
        (post_spawn, beater.begin),
        (pre_execute, beater.busy.set),
        (post_execute_in_worker, beater.busy.clear),
    ):
        signal.connect(partial(when, act), weak=False, dispatch_uid=f"beats {act.__name__}")
