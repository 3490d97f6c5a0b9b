"""The threads of a web process that handle requests which ask another server."""

import fcntl
import logging
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import close_old_connections, connections
from django.http.response import HttpResponseBase

from offorte_portal import ports

logger = logging.getLogger(__name__)

# An account allows 30 requests a minute: at 10 s each, 5 run at once. Three processes have enough for four accounts.
THREADS = 8
# The number of requests that may wait for a thread; those that are marked `is_kept` go to the worker instead.
MOST_QUEUED = 40
# Seconds for which a kind of click is not waited for after one took too long.
REMEMBERED = 30.0


@dataclass
class Task:
    """A request that a thread works on. Either the process takes the answer in time or the thread stores it."""

    ticket: UUID = field(default_factory=ports.new_uuid)
    response: HttpResponseBase | None = None
    _is_left: bool = False
    _done: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def finish(self, response: HttpResponseBase) -> bool:
        """Hand over the answer; return whether anybody still waits for it."""
        with self._lock:
            self.response = response
            self._done.set()
            return not self._is_left

    def wait(self, seconds: float) -> HttpResponseBase | None:
        """Return the answer, or None where it does not come within these seconds."""
        # By the machine's clock rather than the port's: the thread runs in real time, too.
        self._done.wait(seconds)
        return self.response

    def leave(self) -> HttpResponseBase | None:
        """Stop waiting; return the answer if it has come by now, else None."""
        with self._lock:
            self._is_left = self.response is None
            return self.response


class Pool:
    """The threads, started when the first one is needed: a process that forks must have none."""

    def __init__(self) -> None:
        self._executor: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self._under_way = 0
        self._slow_until: dict[str, float] = {}

    @property
    def has_thread(self) -> bool:
        """Whether a thread is free."""
        return self._under_way < THREADS

    @property
    def has_room(self) -> bool:
        """Whether a request may wait for a thread."""
        return self._under_way < THREADS + MOST_QUEUED

    def start(self, work: Callable[[], HttpResponseBase], keep: Callable[[UUID, HttpResponseBase], None]) -> Task:
        """Have a thread do the work; it calls `keep` with the ticket and the answer if nobody waits any more."""
        task = Task()
        with self._lock:
            self._under_way += 1
            if self._executor is None:
                self._executor = ThreadPoolExecutor(THREADS, thread_name_prefix="asking")
            executor = self._executor
        executor.submit(partial(self._run, task, work, keep))
        return task

    def _run(
        self,
        task: Task,
        work: Callable[[], HttpResponseBase],
        keep: Callable[[UUID, HttpResponseBase], None],
    ) -> None:
        close_old_connections()
        try:
            response = work()
            if not task.finish(response):
                keep(task.ticket, response)
                response.close()
        finally:
            connections.close_all()
            with self._lock:
                self._under_way -= 1

    def note(self, kind: str, *, is_slow: bool) -> None:
        """Remember whether a kind of click was answered in time."""
        if is_slow:
            self._slow_until[kind] = ports.monotonic() + REMEMBERED
        else:
            self._slow_until.pop(kind, None)

    def is_slow(self, kind: str) -> bool:
        """Return whether a click of this kind took too long in the last `REMEMBERED` seconds."""
        return self._slow_until.get(kind, 0.0) > ports.monotonic()


@contextmanager
def waiting_place() -> Iterator[bool]:
    """Yield whether this process may wait: of all that serve the portal on this machine, one does at a time.

    The lock is on a file, so that the kernel releases it when the process dies. Where the file can't be opened (the
    disk is full, or it belongs to another user), no process waits.
    """
    installation = f"{settings.BASE_DIR} {settings.DATABASES['default']['NAME']}"
    name = f"offorte-portal-{os.getuid()}-{blake2b(installation.encode(), digest_size=8).hexdigest()}.lock"
    try:
        path = Path(tempfile.gettempdir()) / name
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:
        logger.exception("The file that web processes take turns by can't be opened")
        yield False
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
