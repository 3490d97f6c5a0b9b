"""Delivers events to the accounts' webhooks: batched, without duplicates, with retries and growing pauses."""

import itertools
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

from offorte_portal.simulator.account import Account
from offorte_portal.simulator.clock import Clock
from offorte_portal.simulator.records import Event, Record
from offorte_portal.simulator.rendering.numbers import stamped

TIMEOUT = 5.0
MOST_ATTEMPTS = 10
FIRST_PAUSE = 10.0
BATCH_SECONDS = 2.0
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
numbers = itertools.count(1)


@dataclass(slots=True, eq=False)
class Delivery:
    """One event on its way to one webhook; `due_at` in simulated epoch seconds."""

    account: str
    webhook_id: int
    event: Event
    due_at: float
    attempts: int = 0
    number: int = field(default_factory=lambda: next(numbers))

    @property
    def payload(self) -> Record:
        """The body that is posted."""
        return {"type": self.event.type, "date_created": stamped(self.event.at), "data": self.event.data}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One POST to a webhook; `status` 0 when there was no answer in time."""

    at: float
    account: str
    webhook_id: int
    payload: Record
    status: int

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver took it: any 2xx."""
        return 200 <= self.status < 300


class Webhooks:
    """A background thread that delivers what is due, unless paused; tests may take over with `pending` and `deliver`.

    Pauses after a failure are 10 s, 20 s, 40 s and so on; after the tenth failure of one event the webhook is
    deactivated and what was waiting for it is dropped. Only loopback addresses are ever contacted.
    """

    def __init__(self, accounts: Mapping[str, Account], clock: Clock, batch_seconds: float = BATCH_SECONDS) -> None:
        self._accounts = accounts
        self._clock = clock
        self._batch_seconds = batch_seconds
        self._wake = threading.Condition()
        self._pending: list[Delivery] = []
        self._attempts: list[Attempt] = []
        self._is_paused = False
        self._is_stopping = False
        self._in_flight = 0
        self._thread = threading.Thread(target=self._run, name="simulator-webhooks", daemon=True)
        clock.call_on_advance(self._notify)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; what is pending stays undelivered."""
        with self._wake:
            self._is_stopping = True
            self._wake.notify_all()
        self._thread.join()

    def attach(self, account: Account) -> None:
        """Take the events of an account."""
        account.is_subscribed = self.is_subscribed
        account.subscriber = self.enqueue

    def is_subscribed(self, account: str, type: str) -> bool:
        """Whether any active webhook of an account wants this event."""
        return any(_wants(webhook, type) for webhook in self._accounts[account].webhooks.values())

    def enqueue(self, event: Event) -> None:
        """Queue an event for each webhook that wants it; a newer one replaces the same one in its batch."""
        webhooks = self._accounts[event.account].webhooks
        wanting = [webhook["id"] for webhook in webhooks.values() if _wants(webhook, event.type)]
        with self._wake:
            for webhook_id in wanting:
                for waiting in self._pending:
                    if self._is_in_batch(waiting) and _is_same(waiting, webhook_id, event):
                        waiting.event = event
                        break
                else:
                    due_at = self._clock.time() + self._batch_seconds
                    self._pending.append(Delivery(event.account, webhook_id, event, due_at))
            self._wake.notify_all()

    @property
    def pending(self) -> list[Delivery]:
        """Deliveries that wait: for their batch, for their retry, or because of a pause."""
        with self._wake:
            return list(self._pending)

    @property
    def attempts(self) -> list[Attempt]:
        """Every POST so far."""
        with self._wake:
            return list(self._attempts)

    def pause(self) -> None:
        """Deliver nothing by itself until `resume`; events keep coming in."""
        with self._wake:
            self._is_paused = True

    def resume(self) -> None:
        """Deliver again."""
        with self._wake:
            self._is_paused = False
            self._wake.notify_all()

    def flush(self) -> int:
        """Deliver now, in this thread, all that waits (each once, due or not); the number of deliveries tried."""
        deliveries = [delivery for delivery in self.pending if self._take(delivery)]
        for delivery in deliveries:
            self._post(delivery, is_retried=True)
        with self._wake:
            self._wake.wait_for(lambda: self._in_flight == 0, TIMEOUT)
        return len(deliveries)

    def drop(self, delivery: Delivery) -> None:
        """Lose a delivery."""
        self._take(delivery)

    def deliver(self, delivery: Delivery) -> int:
        """Post a delivery now, whether still pending or not (so it may be doubled); the answer's status, 0 for none."""
        return self._post(delivery, is_retried=self._take(delivery))

    def _take(self, delivery: Delivery) -> bool:
        """Take a delivery out of those that wait; false if it no longer does."""
        with self._wake:
            if delivery not in self._pending:
                return False
            self._pending.remove(delivery)
            return True

    def _is_in_batch(self, delivery: Delivery) -> bool:
        return delivery.attempts == 0 and delivery.due_at > self._clock.time()

    def _post(self, delivery: Delivery, *, is_retried: bool) -> int:
        account = self._accounts[delivery.account]
        webhook = account.webhooks.get(delivery.webhook_id)
        if webhook is None or not webhook["active"]:
            return 0
        payload = delivery.payload
        status = post(webhook["payload_url"], payload)
        attempt = Attempt(self._clock.time(), account.name, delivery.webhook_id, payload, status)
        with self._wake:
            self._attempts.append(attempt)
        if not attempt.is_delivered and is_retried:
            self._retry(account, delivery)
        return status

    def _retry(self, account: Account, delivery: Delivery) -> None:
        delivery.attempts += 1
        if delivery.attempts < MOST_ATTEMPTS:
            delivery.due_at = self._clock.time() + FIRST_PAUSE * 2 ** (delivery.attempts - 1)
            with self._wake:
                self._pending.append(delivery)
                self._wake.notify_all()
            return
        account.deactivate_webhook(delivery.webhook_id)
        with self._wake:
            self._pending = [
                other
                for other in self._pending
                if (other.account, other.webhook_id) != (delivery.account, delivery.webhook_id)
            ]

    def _notify(self) -> None:
        with self._wake:
            self._wake.notify_all()

    def _run(self) -> None:
        while True:
            with self._wake:
                delivery = self._next_due()
                while delivery is None and not self._is_stopping:
                    self._wake.wait(self._seconds_to_wait())
                    delivery = self._next_due()
                if delivery is None or self._is_stopping:
                    return
                self._pending.remove(delivery)
                self._in_flight += 1
            try:
                self._post(delivery, is_retried=True)
            finally:
                with self._wake:
                    self._in_flight -= 1
                    self._wake.notify_all()

    def _next_due(self) -> Delivery | None:
        if self._is_paused or not self._pending:
            return None
        first = min(self._pending, key=lambda delivery: delivery.due_at)
        return first if first.due_at <= self._clock.time() else None

    def _seconds_to_wait(self) -> float | None:
        if self._is_paused or not self._pending:
            return None
        return max(0.0, min(delivery.due_at for delivery in self._pending) - self._clock.time())


def _wants(webhook: Record, type: str) -> bool:
    return webhook["active"] and ("all" in webhook["events"] or type in webhook["events"])


def _is_same(delivery: Delivery, webhook_id: int, event: Event) -> bool:
    waiting = delivery.event
    return (delivery.webhook_id, waiting.account, waiting.type, waiting.item) == (
        webhook_id, event.account, event.type, event.item,
    )  # fmt: skip


def post(url: str, payload: Record) -> int:
    """POST a payload as JSON, without following redirects; the status, 0 for no answer within 5 seconds."""
    parts = urlsplit(url)
    if parts.hostname not in LOOPBACK:
        return 0
    connection = _connect(parts)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, json.dumps(payload), {"Content-Type": "application/json; charset=utf-8"})
        return connection.getresponse().status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()


def _connect(parts: SplitResult) -> HTTPConnection:
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
