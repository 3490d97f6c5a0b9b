"""Stores what Offorte posts, and queues a task for the worker unless there is one already.

The sweep finds events whose task was lost or could not be queued.
"""

import logging
from functools import cache

from django.db import DatabaseError, transaction
from django.db import connection as database
from redis.exceptions import RedisError

from offorte_portal import ports
from offorte_portal.connections import drains
from offorte_portal.connections.models import Drain
from offorte_portal.webhooks.draining import drain
from offorte_portal.webhooks.models import WebhookEvent
from offorte_portal.webhooks.storing import take

logger = logging.getLogger(__name__)


def receive(connection_id: int, body: bytes) -> None:
    """Store a body and ensure that it is worked on, unless the hour's limits are reached.

    Raises DatabaseError if it could not be stored; IntegrityError means that the account is gone.
    """
    if take(connection_id, body):
        wake(connection_id)


def wake(connection_id: int) -> None:
    """Queue a task for the account's events unless one waits or is running; a queue that is down is no failure."""
    try:
        if not _is_awake(connection_id):
            drains.enqueue(Drain.Queue.EVENTS, connection_id, drain)
    except (DatabaseError, RedisError, OSError):
        logger.warning("The events of account %s wait for the sweep: no task could be queued", connection_id)
        logger.debug("Because of this", exc_info=True)
        _forget_task(connection_id)


def sweep() -> None:
    """Queue a task for every account with open events that are due: their task was lost, or it is time for a retry."""
    now = ports.now()
    rows = WebhookEvent.objects.filter(state__in=WebhookEvent.OPEN).exclude(retry_at__gt=now)
    for connection_id in rows.order_by().values_list("connection_id", flat=True).distinct():
        wake(connection_id)


@cache
def _question() -> str:
    table = database.ops.quote_name(Drain._meta.db_table)
    return (
        f"SELECT 1 FROM {table} WHERE connection_id = %s AND queue = %s "  # noqa: S608
        "AND (queued_at BETWEEN %s AND %s OR (lease <> '' AND lease_until >= %s))"
    )


def _is_awake(connection_id: int) -> bool:
    """Return whether a task waits, or one is running, which looks for events again after it releases its lease.

    Asked after the event was stored, so that no event is left out.
    """
    now = ports.now()
    adapt = database.ops.adapt_datetimefield_value
    lost, at = adapt(now - drains.LOST_AFTER), adapt(now)
    with database.cursor() as cursor:
        cursor.execute(_question(), [connection_id, str(Drain.Queue.EVENTS), lost, at, at])
        return cursor.fetchone() is not None


def _forget_task(connection_id: int) -> None:
    """Let the sweep queue a task, because none is waiting after all."""
    try:
        with transaction.atomic():
            Drain.objects.filter(connection_id=connection_id, queue=Drain.Queue.EVENTS).update(queued_at=None)
    except DatabaseError:  # The task counts as lost after some minutes.
        logger.warning("Whether a task waits for the events of account %s is not known", connection_id)
