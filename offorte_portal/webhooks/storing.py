"""Stores what Offorte posts with one INSERT, prepared once. The stored rows are the queue that a drain works on."""

import re
from datetime import datetime
from functools import cache
from hashlib import blake2b
from typing import Any

from django.db import connection as database

from offorte_portal import ports
from offorte_portal.webhooks import intake
from offorte_portal.webhooks.models import WebhookEvent

# The most bytes that a stored body has.
LARGEST = 1024 * 1024
# A body with a date is the same event when it comes again. The date comes before the data.
_DATED = re.compile(rb'"date_created"\s*:\s*"\d')
_HEAD = 200
_TOLD = ("connection_id", "body", "digest", "received_at")


def take(connection_id: int, body: bytes) -> bool:
    """Store a body within the hour's limits; return False if these are reached. Raises DatabaseError."""
    if not intake.admits(connection_id):
        return False
    if store(connection_id, body):
        intake.note(connection_id, len(body))
    return True


def store(connection_id: int, body: bytes) -> bool:
    """Insert a body unless it is there already; return whether it was inserted. Raises DatabaseError."""
    now = ports.now()
    sql, rest = _insertion()
    values: list[Any] = [connection_id, body, digest(body, now), database.ops.adapt_datetimefield_value(now)]
    with database.cursor() as cursor:
        cursor.execute(sql, [*values, *rest])
        return bool(cursor.rowcount)


def digest(body: bytes, received_at: datetime) -> str:
    """Return what identifies a body; one without a date is another event in every second that it comes in."""
    salt = b"" if _DATED.search(body, 0, _HEAD) else str(int(received_at.timestamp())).encode()
    return blake2b(body, digest_size=16, key=salt).hexdigest()


@cache
def _insertion() -> tuple[str, list[Any]]:
    """Return the statement, and the parameters that are the same for every event."""
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
