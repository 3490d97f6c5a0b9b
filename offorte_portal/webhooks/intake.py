"""Limits how much is stored of what is posted to an account's address in an hour, so that nobody can fill the disk.

The limits are far above what Offorte really sends, because it throttles its events. Events beyond them are answered but
not stored; they are counted, shown, and made up for by a sync once the hour is over (`make_up`). Prices of products
come in events only, so a sync does not bring those.

Each process counts for itself and adds its figures to the endpoint's row after 100 events, a MiB or 10 seconds, and
then reads the sum of all processes, so that an event needs no statement. So an hour may bring a little more than the
limits, by at most 100 events or a MiB and one body for each process; a new process reads the sum with its first event.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from django.db import DatabaseError
from django.db.models import Case, F, Value, When

from offorte_portal import ports
from offorte_portal.connections.models import Connection
from offorte_portal.sync import runs as sync_run
from offorte_portal.sync.models import SyncRun
from offorte_portal.webhooks.models import WebhookEndpoint

logger = logging.getLogger(__name__)

MOST_EVENTS = 20_000
MOST_BYTES = 100 * 1024 * 1024
# A process adds its figures to the row after this many events, bytes or seconds.
FLUSH_EVENTS = 100
FLUSH_BYTES = 1024 * 1024
FLUSH_SECONDS = 10.0


@dataclass
class Meter:
    """One account's hour in this process: the sum of all processes as last read, and what came here since.

    `is_told` is true once the row records that events of this hour were not stored.
    """

    hour: datetime
    known_events: int = 0
    known_bytes: int = 0
    events: int = 0
    bytes: int = 0
    missed: int = 0
    is_told: bool = False
    flushed_at: float = float("-inf")

    @property
    def is_full(self) -> bool:
        """Whether the hour's limit is reached."""
        return self.known_events + self.events >= MOST_EVENTS or self.known_bytes + self.bytes >= MOST_BYTES

    @property
    def is_due(self) -> bool:
        """Whether this process should add its figures to the row."""
        return (
            self.events + self.missed >= FLUSH_EVENTS
            or self.bytes >= FLUSH_BYTES
            or ports.monotonic() - self.flushed_at >= FLUSH_SECONDS
        )


_meters: dict[int, Meter] = {}
_lock = Lock()


def admits(connection_id: int) -> bool:
    """Return whether to store another event of the account; if not, it is counted as missed."""
    with _lock:
        meter = _meter(connection_id)
        if not meter.is_full:
            return True
        meter.missed += 1
        if not meter.is_told or meter.is_due:
            meter.is_told = True
            _flush(connection_id, meter)
        return False


def note(connection_id: int, size: int) -> None:
    """Count a stored event with a body of `size` bytes."""
    with _lock:
        meter = _meter(connection_id)
        meter.events += 1
        meter.bytes += size
        if meter.is_due:
            _flush(connection_id, meter)


def make_up() -> None:
    """Start syncs of the accounts that missed events in an hour that is over."""
    missed = WebhookEndpoint.objects.filter(missed_at__lt=_hour(), made_up_at=None)
    ready = missed.filter(connection__state=Connection.State.CONNECTED)
    for endpoint in ready.select_related("connection"):
        run = sync_run.request(endpoint.connection, trigger=SyncRun.Trigger.SCHEDULE)
        # A run that began before the miss may have read the changed objects too early.
        if not run.only and endpoint.missed_at and run.created_at > endpoint.missed_at:
            ready.filter(pk=endpoint.pk).update(made_up_at=ports.now())


def forget() -> None:
    """Forget what this process has counted; the next event reads it from the database."""
    with _lock:
        _meters.clear()


def _hour() -> datetime:
    return ports.now().replace(minute=0, second=0, microsecond=0)


def _meter(connection_id: int) -> Meter:
    meter = _meters.get(connection_id)
    if meter is None or ports.now() - meter.hour >= timedelta(hours=1):
        meter = _meters[connection_id] = Meter(_hour())
    return meter


def _flush(connection_id: int, meter: Meter) -> None:
    """Add this process's figures to the row and read the sum. If that fails, the process keeps counting by itself."""
    meter.flushed_at = ports.monotonic()
    row = WebhookEndpoint.objects.filter(pk=connection_id)
    is_same = When(intake_hour=meter.hour, then=F("intake_events"))
    is_same_for_bytes = When(intake_hour=meter.hour, then=F("intake_bytes"))
    columns = {
        "intake_hour": meter.hour,
        "intake_events": Case(is_same, default=Value(0)) + meter.events,
        "intake_bytes": Case(is_same_for_bytes, default=Value(0)) + meter.bytes,
    }
    if meter.missed:
        now = Value(ports.now())
        is_open = When(missed_at__isnull=False, made_up_at__isnull=True, then=F("missed_events"))
        columns |= {
            "missed_events": Case(is_open, default=Value(0)) + meter.missed,
            # The first miss that is not made up for yet, so that a lasting flood is made up for hour by hour.
            "missed_at": Case(When(missed_at__isnull=False, made_up_at__isnull=True, then=F("missed_at")), default=now),
            "made_up_at": None,
        }
    try:
        row.update(**columns)
        known = row.values_list("intake_events", "intake_bytes").first()
    except DatabaseError:
        logger.warning("The events of account %s could not be added up", connection_id, exc_info=True)
        return
    meter.events = meter.bytes = meter.missed = 0
    meter.known_events, meter.known_bytes = known or (0, 0)
