"""How much is stored of what is posted to an account's address in an hour, so that nobody who knows it fills the disk.

The limits lie far above what Offorte sends in earnest: it throttles its events. What comes beyond them is answered but
not stored; it is counted, shown, and made up for by a sync once the hour is over (`make_up`). Prices of products come
in events only, so that a sync does not bring those.

Each process counts for itself and adds its figures to the endpoint's row after 100 events, a MiB or 10 seconds, and
then learns what the others have counted: no statement an event. So an hour may bring a little more than the limits, by
at most 100 events or a MiB and one body for each process; a process that is new learns them with its first event.
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
# When a process adds its figures to those of the others.
FLUSH_EVENTS = 100
FLUSH_BYTES = 1024 * 1024
FLUSH_SECONDS = 10.0


@dataclass
class Meter:
    """One account's hour in this process: what all had stored when that was known last, and what came here since.

    `is_told` says that the row knows already of events that were not stored.
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
        """Whether the others should hear of what came here."""
        return (
            self.events + self.missed >= FLUSH_EVENTS
            or self.bytes >= FLUSH_BYTES
            or ports.monotonic() - self.flushed_at >= FLUSH_SECONDS
        )


_meters: dict[int, Meter] = {}
_lock = Lock()


def admits(connection_id: int) -> bool:
    """Whether another event of the account is stored; one that is not is counted as missed."""
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
    """Count an event of so many bytes that was stored."""
    with _lock:
        meter = _meter(connection_id)
        meter.events += 1
        meter.bytes += size
        if meter.is_due:
            _flush(connection_id, meter)


def make_up() -> None:
    """Read the accounts anew of which events were not stored in an hour that is over."""
    missed = WebhookEndpoint.objects.filter(missed_at__lt=_hour(), made_up_at=None)
    ready = missed.filter(connection__state=Connection.State.CONNECTED)
    for endpoint in ready.select_related("connection"):
        run = sync_run.request(endpoint.connection, trigger=SyncRun.Trigger.SCHEDULE)
        # One that is under way since before may have read what changed too early.
        if not run.only and endpoint.missed_at and run.created_at > endpoint.missed_at:
            ready.filter(pk=endpoint.pk).update(made_up_at=ports.now())


def forget() -> None:
    """Forget what this process has counted; the next event learns it from the database."""
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
    """Add this process's figures to the row and read the sum. Where that fails, the process counts on by itself."""
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
            # The first of what is not made up for yet: a flood that lasts is made up for hour by hour.
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
