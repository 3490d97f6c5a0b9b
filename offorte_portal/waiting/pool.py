"""The threads of a web process in which whatever asks another server is done."""

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

# An account takes 30 requests a minute: at 10 s each, 5 are under way. Three processes have enough for four accounts.
THREADS = 8
# So many more may wait for a thread of this process; reads only, for writes go to the worker then.
MOST_QUEUED = 40
# How long a kind of click is not waited for once it took too long.
REMEMBERED = 30.0


@dataclass
class Task:
    """A request that a thread works on. Either the process takes the answer in time or the thread keeps it."""

    ticket: UUID = field(default_factory=ports.new_uuid)
    response: HttpResponseBase | None = None
    _is_left: bool = False
    _done: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def finish(self, response: HttpResponseBase) -> bool:
        """Hand over the answer; False where nobody waits for it any more."""
        with self._lock:
            self.response = response
            self._done.set()
            return not self._is_left

    def wait(self, seconds: float) -> HttpResponseBase | None:
        """Return the answer, None where it does not come in time."""
        # By the machine's clock: the thread that is waited for is the machine's, too.
        self._done.wait(seconds)
        return self.response

    def leave(self) -> HttpResponseBase | None:
        """Stop waiting; return the answer where it has come at this very moment."""
        with self._lock:
            self._is_left = self.response is None
            return self.response


class Pool:
    """The threads, made when the first is needed: a process that forks must have none."""

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
        """Have the work done; `keep` is called in the thread with an answer that nobody waits for any more."""
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
        """Whether such a click took too long a moment ago, and is not worth waiting for."""
        return self._slow_until.get(kind, 0.0) > ports.monotonic()


@contextmanager
def waiting_place() -> Iterator[bool]:
    """Yield whether this process may wait: only one of those that serve the portal on this machine does at a time.

    The kernel lets go of the lock when the process dies. Where its file can't be opened (no room on the disk, or it is
    somebody else's), none waits.
    """
    try:
        descriptor = os.open(_lock_path(), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
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


def _lock_path() -> Path:
    installation = f"{settings.BASE_DIR} {settings.DATABASES['default']['NAME']}"
    name = blake2b(installation.encode(), digest_size=8).hexdigest()
    return Path(tempfile.gettempdir()) / f"offorte-portal-{os.getuid()}-{name}.lock"
