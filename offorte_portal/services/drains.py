"""Emptying the queues of an account: at most one process works on one, and at most one more task waits for it."""

import uuid
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_q.tasks import async_task

from offorte_portal.models import Drain

# A task that was queued longer ago is taken for lost.
LOST_AFTER = timedelta(minutes=5)


def enqueue(queue: Drain.Queue, connection_id: int, task: str) -> bool:
    """Let the worker run `task` with the account's key, unless one waits already; answer whether it was queued.

    Within a transaction the worker hears of it when that is committed.
    """
    now = timezone.now()
    Drain.objects.get_or_create(connection_id=connection_id, queue=queue)
    none_waits = Q(queued_at__isnull=True) | Q(queued_at__lt=now - LOST_AFTER) | Q(queued_at__gt=now)
    rows = Drain.objects.filter(none_waits, connection_id=connection_id, queue=queue)
    if not rows.update(queued_at=now):
        return False
    transaction.on_commit(lambda: async_task(task, connection_id, task_name=f"{queue} of {connection_id}"))
    return True


def run(
    queue: Drain.Queue, connection_id: int, work: Callable[[Callable[[], bool]], None], *, lease: timedelta
) -> bool:
    """Do `work` unless another process is at it; answer whether it was done.

    What is queued from now on gets a task of its own. `work` is given `renew`, to be called before every step: it
    keeps the lease and answers False once that was lost.
    """
    token = str(uuid.uuid4())
    now = timezone.now()
    Drain.objects.get_or_create(connection_id=connection_id, queue=queue)
    rows = Drain.objects.filter(connection_id=connection_id, queue=queue)
    rows.update(queued_at=None)
    idle = Q(lease="") | Q(lease_until__lt=now)
    if not rows.filter(idle).update(lease=token, lease_until=now + lease):
        return False
    mine = rows.filter(lease=token)
    try:
        work(lambda: bool(mine.update(lease_until=timezone.now() + lease)))
    finally:
        mine.update(lease="", lease_until=None)
    return True
