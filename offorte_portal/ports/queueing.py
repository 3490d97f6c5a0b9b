"""The commit boundary, and the queue of tasks for the worker."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import OrmQ
from django_q.signing import BadSignature, SignedPackage
from django_q.tasks import async_task
from redis import Redis
from redis.exceptions import RedisError

from offorte_portal import ports

logger = logging.getLogger(__name__)

# Raised when the queue can't be reached: by Redis, a socket, or the database where that is the queue.
QUEUE_ERRORS = (RedisError, OSError, DatabaseError)
# At most this many waiting tasks are read to describe the queue.
MOST_LOOKED_AT = 100


def after_commit(action: Callable[[], object]) -> None:
    """Call `action` once the current transaction is committed; at once outside a transaction."""
    transaction.on_commit(action)


def queue(
    task: Callable[..., object], *args: Any, name: str, lost: Callable[[], object] | None = None, **options: Any
) -> None:
    """Have the worker call `task`, a module-level function, once the current transaction is committed.

    Store the row that the task is about first: a queue that is down is only logged and doesn't fail the caller, because
    a sweep finds the row. `lost` is called in that case, to withdraw a note that a task is queued. `options` are those
    of django-q's `async_task`.
    """
    path = path_of(task)
    after_commit(lambda: _push(path, args, name, lost, options))


def path_of(task: Callable[..., object]) -> str:
    """Return the dotted path by which the worker finds a function: the queue holds no code."""
    return f"{task.__module__}.{task.__qualname__}"


def _push(
    task: str, args: tuple[Any, ...], name: str, lost: Callable[[], object] | None, options: dict[str, Any]
) -> None:
    try:
        async_task(task, *args, task_name=name, **options)
    except QUEUE_ERRORS as error:
        logger.warning("%s waits for the sweep: no task could be queued (%s)", name, type(error).__name__)
        if lost is not None:
            lost()


def is_queue_reachable() -> bool:
    """Return whether the queue's server answers, so that a task could be queued."""
    try:
        return bool(get_broker().ping())
    except (RedisError, OSError):
        return False


def count_waiting() -> int:
    """Return how many tasks wait in the queue. Raises one of QUEUE_ERRORS."""
    return int(get_broker().queue_size())


@dataclass(frozen=True, slots=True)
class Waiting:
    """A summary of the first `MOST_LOOKED_AT` tasks in the queue.

    `oldest` is when the task that has waited longest was queued; None where no task waits, or none can be read.
    `foreign` counts tasks signed with another key, or not at all; `unreadable` counts those signed with our key whose
    content is not a task.
    """

    oldest: datetime | None
    foreign: int
    unreadable: int


def look_at_waiting() -> Waiting:
    """Summarise the waiting tasks, including those that can't be read. Raises one of QUEUE_ERRORS."""
    broker = get_broker()
    if isinstance(broker.connection, Redis):
        packages = broker.connection.lrange(broker.list_key, 0, MOST_LOOKED_AT - 1)
    else:
        waiting = OrmQ.objects.filter(key=broker.list_key, lock__lte=ports.now()).order_by("pk")
        packages = waiting.values_list("payload", flat=True)[:MOST_LOOKED_AT]
    moments: list[datetime] = []
    foreign = unreadable = 0
    for package in packages:
        try:
            moments.append(_read_start(package))
        except BadSignature:
            foreign += 1
        except ValueError:
            unreadable += 1
    return Waiting(min(moments, default=None), foreign, unreadable)


def _read_start(package: str | bytes) -> datetime:
    """Return when a task was queued. Raises BadSignature for another key, ValueError for what is not a task."""
    try:
        task = SignedPackage.loads(package)
    except BadSignature:
        raise
    except Exception as error:
        raise ValueError from error
    started = task.get("started") if isinstance(task, dict) else None
    if not isinstance(started, datetime) or timezone.is_naive(started):
        raise ValueError
    return started
