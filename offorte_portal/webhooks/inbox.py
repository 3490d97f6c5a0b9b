"""Keeping what Offorte posts: one INSERT, prepared once, and a task for the worker unless there is one already.

The stored rows are the queue. What the task misses, because it was lost or because nobody could queue it, the sweep
finds.
"""

import logging
import re
from datetime import datetime
from functools import cache
from hashlib import blake2b
from typing import Any

from django.db import DatabaseError, transaction
from django.db import connection as database
from django.utils import timezone
from redis.exceptions import RedisError

from offorte_portal.connections import drains
from offorte_portal.models import Drain, WebhookEvent
from offorte_portal.webhooks import intake

logger = logging.getLogger(__name__)

TASK = "offorte_portal.tasks.drain_events"
# Bytes of a body that is stored at most.
LARGEST = 1024 * 1024
# A body that says when it was made is the same event when it comes again. Its date stands before its data.
_DATED = re.compile(rb'"date_created"\s*:\s*"\d')
_HEAD = 200
_TOLD = ("connection_id", "body", "digest", "received_at")


def receive(connection_id: int, body: bytes) -> None:
    """Keep a body and see to it that it is worked on, unless too much came in this hour.

    Raises DatabaseError where it could not be stored; IntegrityError says that the account is gone.
    """
    if take(connection_id, body):
        wake(connection_id)


def take(connection_id: int, body: bytes) -> bool:
    """Store a body within the hour's limits; False where these are reached. Raises DatabaseError."""
    if not intake.admits(connection_id):
        return False
    if store(connection_id, body):
        intake.note(connection_id, len(body))
    return True


def store(connection_id: int, body: bytes) -> bool:
    """Insert a body unless it is there already; answer whether it was inserted. Raises DatabaseError."""
    now = timezone.now()
    sql, rest = _insertion()
    told: list[Any] = [connection_id, body, digest(body, now), database.ops.adapt_datetimefield_value(now)]
    with database.cursor() as cursor:
        cursor.execute(sql, [*told, *rest])
        return bool(cursor.rowcount)


def digest(body: bytes, received_at: datetime) -> str:
    """What a body is told from others by; a body without a date may mean something new each time that it comes."""
    salt = b"" if _DATED.search(body, 0, _HEAD) else str(int(received_at.timestamp())).encode()
    return blake2b(body, digest_size=16, key=salt).hexdigest()


def wake(connection_id: int) -> None:
    """Queue a task for the account's events unless one waits or is at work; a queue that is down is no failure."""
    try:
        if not _is_awake(connection_id):
            drains.enqueue(Drain.Queue.EVENTS, connection_id, TASK)
    except (DatabaseError, RedisError, OSError):
        logger.warning("The events of account %s wait for the sweep: no task could be queued", connection_id)
        logger.debug("Because of this", exc_info=True)
        _forget_task(connection_id)


@cache
def _insertion() -> tuple[str, list[Any]]:
    """The statement, and the parameters that are the same for every event."""
    quote = database.ops.quote_name
    fields = {field.attname: field for field in WebhookEvent._meta.concrete_fields if not field.primary_key}
    rest = [field for attname, field in fields.items() if attname not in _TOLD]
    columns = ", ".join(quote(str(field.column)) for field in [*(fields[name] for name in _TOLD), *rest])
    marks = ", ".join(["%s"] * len(fields))
    sql = (
        f"INSERT INTO {quote(WebhookEvent._meta.db_table)} ({columns}) VALUES ({marks}) "  # noqa: S608
        "ON CONFLICT (connection_id, digest) DO NOTHING"
    )
    return sql, [field.get_db_prep_save(field.get_default(), database) for field in rest]


@cache
def _question() -> str:
    table = database.ops.quote_name(Drain._meta.db_table)
    return (
        f"SELECT 1 FROM {table} WHERE connection_id = %s AND queue = %s "  # noqa: S608
        "AND (queued_at BETWEEN %s AND %s OR (lease <> '' AND lease_until >= %s))"
    )


def _is_awake(connection_id: int) -> bool:
    """Whether a task waits, or one is at work: that looks for events once more after it has given its lease back.

    Asked after the event was stored, so that none falls in between.
    """
    now = timezone.now()
    adapt = database.ops.adapt_datetimefield_value
    lost, at = adapt(now - drains.LOST_AFTER), adapt(now)
    with database.cursor() as cursor:
        cursor.execute(_question(), [connection_id, str(Drain.Queue.EVENTS), lost, at, at])
        return cursor.fetchone() is not None


def _forget_task(connection_id: int) -> None:
    """Let the sweep queue a task, since none waits after all."""
    try:
        with transaction.atomic():
            Drain.objects.filter(connection_id=connection_id, queue=Drain.Queue.EVENTS).update(queued_at=None)
    except DatabaseError:  # then it counts as lost after some minutes
        logger.warning("Whether a task waits for the events of account %s is not known", connection_id)
