"""Empties the queue of an account's events: applies what was received, asks for the objects concerned, and repeats.

Only one process works on an account. Whatever it was doing when it was killed is done again, which changes nothing.
"""

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection as database
from django.db.models import F, QuerySet

from offorte_portal import ports
from offorte_portal.api.client import Client
from offorte_portal.api.errors import AuthenticationFailed, NotConnected, OfforteError, RateLimited, Unavailable
from offorte_portal.connections import connecting as connections
from offorte_portal.connections import drains
from offorte_portal.connections.budget import Lane, gate
from offorte_portal.connections.models import Connection, Drain
from offorte_portal.runs import lease
from offorte_portal.text.reason import Reason
from offorte_portal.webhooks import applying, confirming
from offorte_portal.webhooks.models import WebhookEndpoint, WebhookEvent
from offorte_portal.webhooks.reasons import EventReason

logger = logging.getLogger(__name__)

# Seconds after which a slice ends, so that other tasks get their turn.
SLICE = 20.0
LEASE = lease.LENGTH
# Seconds that an object is left alone after its last event, because events come in bursts.
SETTLE = 2.0
# Seconds between two looks for events while nothing can be done, and seconds that a request may wait for the budget:
# short, so that new events do not wait long.
LOOK_EVERY = 0.25
PATIENCE = 1.5
BATCH = 50
# Seconds between two events in which other processes may write: they try SQLite's lock only every few milliseconds, and
# Offorte waits for an answer.
BREATH = 0.003
# Seconds until the next try, doubled each time up to the longest, and the number of tries after which an event fails.
FIRST_PAUSE, LONGEST_PAUSE, MOST_TRIES = 5, 3600, 12
# Pause before an account that is not connected is asked again.
UNCONNECTED_PAUSE = timedelta(minutes=5)


State = WebhookEvent.State
MakeClient = Callable[[Connection], Client]


def background_client(connection: Connection) -> Client:
    """Return a client in the background's lane that does not wait long for its turn."""
    return connections.client(connection, Lane.BACKGROUND, through=gate(connection, Lane.BACKGROUND, patience=PATIENCE))


@dataclass
class Slice:
    """One process's work on an account's events. `is_stuck` is true once no more requests can be made for now."""

    connection: Connection
    until: float
    settle: float
    make_client: MakeClient
    client: Client | None = None
    is_stuck: bool = False
    has_heard: bool = False

    def work(self, renew: Callable[[], bool]) -> None:
        """Apply and confirm until nothing is left, the time is over, or another process has taken over."""
        try:
            while renew() and self.step():
                if ports.monotonic() > self.until:
                    break
        finally:
            if self.client is not None:
                self.client.transport.close()
            if self.has_heard:
                WebhookEndpoint.objects.filter(pk=self.connection.pk).update(heard_at=ports.now())

    def step(self) -> bool:
        """Apply received events, else confirm one object; return False once nothing can be done for now."""
        if self.apply_received():
            return True
        if self.is_stuck:
            return False
        subject = confirming.find_next(self.connection.pk, settle=self.settle)
        if subject is not None:
            self.confirm(subject)
            return True
        if not confirming.waiting(self.connection.pk, ports.now()):
            return False
        ports.sleep(LOOK_EVERY)  # The burst of events may not be complete.
        return True

    def apply_received(self) -> bool:
        """Apply the oldest received events; return whether there were any."""
        events = list(received(self.connection.pk)[:BATCH])
        for event in events:
            try:
                applying.apply(event)
            except Exception:
                logger.warning("Event %s could not be applied", event.pk, exc_info=True)
                postpone([event.pk], EventReason.FAULT(traceback=traceback.format_exc()))
            if database.vendor == "sqlite":
                ports.sleep(BREATH)
        self.has_heard = self.has_heard or bool(events)
        return bool(events)

    def confirm(self, subject: confirming.Subject) -> None:
        """Confirm one object, or decide what to do if that fails."""
        keys = [event.pk for event in subject.events]
        try:
            self.client = self.client or self.make_client(self.connection)
            confirming.confirm(self.client, subject)
        except RateLimited as error:
            # Wait only a little for the budget, so as to look for new events soon.
            seconds = error.retry_after or 1.0
            if ports.monotonic() + seconds > self.until:
                self.is_stuck = True
            else:
                ports.sleep(min(seconds, LOOK_EVERY))
        except (AuthenticationFailed, NotConnected) as error:
            self.is_stuck = True
            # The events wait until the account is connected again, which does not count as a try.
            rows = WebhookEvent.objects.filter(connection_id=self.connection.pk, state=State.APPLIED)
            rows.update(retry_at=ports.now() + UNCONNECTED_PAUSE, error=error.reason)
        except OfforteError as error:
            # Only a 500 may be about this object alone.
            self.is_stuck = isinstance(error, Unavailable) and error.status != 500
            postpone(keys, error.reason)
        except Exception:
            logger.warning("%s %s could not be confirmed", subject.resource.name, subject.remote_id, exc_info=True)
            postpone(keys, EventReason.FAULT(traceback=traceback.format_exc()))


def drain(
    connection_id: int, *, seconds: float = SLICE, settle: float = SETTLE, make_client: MakeClient = background_client
) -> None:
    """Work on an account's events for some seconds; queue another task for what is left."""
    connection = Connection.objects.filter(pk=connection_id).first()
    if connection is None:
        return
    if connection.state == Connection.State.DISCONNECTED:
        # Ignored, because the mirror of a disconnected account is no longer updated.
        rows = WebhookEvent.objects.filter(connection_id=connection_id, state__in=WebhookEvent.OPEN)
        rows.update(state=State.IGNORED, result=EventReason.DISCONNECTED(), finished_at=ports.now())
        return
    piece = Slice(connection, ports.monotonic() + seconds, settle, make_client)
    if not drains.run(Drain.Queue.EVENTS, connection_id, piece.work, lease=LEASE):
        return
    # Checked only after the lease is released: events stored before that were left to this process.
    if received(connection_id).exists() or (not piece.is_stuck and confirming.waiting(connection_id, ports.now())):
        drains.enqueue(Drain.Queue.EVENTS, connection_id, drain)


def received(connection_id: int) -> QuerySet[WebhookEvent]:
    """Return the account's events that are due to be applied, in the order in which they were stored."""
    rows = WebhookEvent.objects.filter(connection_id=connection_id, state=State.RECEIVED)
    return rows.exclude(retry_at__gt=ports.now()).order_by("id")


def postpone(keys: list[int], reason: Reason) -> None:
    """Try events again after a pause that grows, with `reason` as their error; fail them after too many tries."""
    for event in WebhookEvent.objects.filter(pk__in=keys, state__in=WebhookEvent.OPEN).only("attempts"):
        pause = min(FIRST_PAUSE * 2**event.attempts, LONGEST_PAUSE)
        failed = {"state": State.FAILED, "finished_at": ports.now()} if event.attempts + 1 >= MOST_TRIES else {}
        WebhookEvent.objects.filter(pk=event.pk).update(
            attempts=F("attempts") + 1, retry_at=ports.now() + timedelta(seconds=pause), error=reason, **failed
        )
