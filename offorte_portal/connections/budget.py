"""The request budget of an Offorte account, shared by all processes that share the database.

One row per account holds the requests granted within the last window; `allowance` decides who may add to it. The row
changes by compare-and-swap on its version, in a transaction of its own, so that SQLite and PostgreSQL take the same
code path. That transaction must not be nested: `acquire` inside a transaction raises RuntimeError, since the request
itself must not be sent there either.

Processes on several machines need clocks that agree within a second.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import F, Q

from offorte_portal import ports
from offorte_portal.api.errors import RateLimited
from offorte_portal.api.transport import Gate
from offorte_portal.connections.allowance import LATENESS, Allowance, Grant, Lane, Ledger
from offorte_portal.connections.models import Connection, RequestBudget

__all__ = ["AccountGate", "Lane", "Status", "forecast", "gate", "note_person", "status"]

# Default seconds that a request waits for its turn.
PATIENCE = {Lane.PERSON: 5.0, Lane.QUEUED: 20.0, Lane.BACKGROUND: 20.0}
# Seconds that an account pauses after a 429 without a duration.
PAUSE = 60.0
# Seconds between two records of an active person.
NOTE_INTERVAL = 30.0
# The gate that has waited longest wakes up first, by up to this many seconds.
SPREAD = 0.1
SHORTEST = 0.01
# Tries when another process changed the row first, and when the database is locked; each of the latter has waited for
# the database's own timeout.
SWAP_TRIES = 20
LOCK_TRIES = 3

Clock: TypeAlias = Callable[[], float]
T = TypeVar("T")


def read_clock() -> float:
    """Return the time in epoch seconds, as the ledger uses it."""
    return ports.now().timestamp()


@dataclass(frozen=True, slots=True)
class Status:
    """The state of an account's budget: requests used of the limit within a window, seconds still paused.

    A `limit` of 0 or less means that there is no limit; requests are not counted then.
    """

    used: int
    limit: int
    paused_for: float
    is_person_about: bool


def gate(connection: Connection, lane: Lane, *, patience: float | None = None) -> Gate:
    """Return the gate of one lane to an account; a request waits up to `patience` seconds, by default 5 or 20."""
    return AccountGate(
        connection.pk,
        lane,
        Allowance(settings.OFFORTE_REQUESTS_PER_MINUTE),
        PATIENCE[lane] if patience is None else patience,
    )


def note_person(connection: Connection | None = None, *, now: Clock = read_clock) -> None:
    """Record that a person is active in one account or, by default, in all, so that background work makes room.

    Cheap enough for every page view: it writes at most every 30 s per account.
    """
    moment = now()
    rows = RequestBudget.objects.filter(Q(person_seen__lt=moment - NOTE_INTERVAL) | Q(person_seen__gt=moment))
    if connection is not None:
        rows = rows.filter(pk=connection.pk)
    rows.update(person_seen=moment, version=F("version") + 1)


def forecast(connection: Connection, requests: int, *, lane: Lane = Lane.BACKGROUND, now: Clock = read_clock) -> float:
    """Return the seconds that this number of requests will take if the situation stays the same; not for people's."""
    allowance = Allowance(settings.OFFORTE_REQUESTS_PER_MINUTE)
    start = moment = now()
    ledger = _ledger(RequestBudget.objects.filter(pk=connection.pk).first()).at(moment, allowance.window)
    if allowance.limit <= 0:
        return max(0.0, ledger.paused_until - start)
    rate = allowance.share(ledger, lane, start) / allowance.window
    for _ in range(min(requests, allowance.limit)):
        moment = allowance.ready_at(ledger, lane, moment)
        ledger = ledger.at(moment, allowance.window).with_grant(moment, lane)
    return moment - start + max(0, requests - allowance.limit) / rate


def status(connection: Connection, *, now: Clock = read_clock) -> Status:
    allowance = Allowance(settings.OFFORTE_REQUESTS_PER_MINUTE)
    moment = now()
    ledger = _ledger(RequestBudget.objects.filter(pk=connection.pk).first()).at(moment, allowance.window)
    return Status(
        used=len(ledger.grants),
        limit=allowance.limit,
        paused_for=max(0.0, ledger.paused_until - moment),
        is_person_about=ledger.is_person_about(moment),
    )


@dataclass(frozen=True, slots=True)
class AccountGate:
    """Lets the requests of one lane to one account through. See `Gate` for its two methods."""

    connection_id: int
    lane: Lane
    allowance: Allowance
    patience: float
    now: Clock = read_clock
    sleep: Callable[[float], None] = ports.sleep

    def acquire(self) -> None:
        """Return when one request may be sent at once.

        Raises RateLimited as soon as it is clear that none comes free within the patience, with the seconds until one
        is expected; OperationalError if the database stays locked.
        """
        left = self.patience
        while (wait := self._ask()) > 0:
            if wait > left:
                raise RateLimited(retry_after=wait)
            self.sleep(max(wait, SHORTEST) + SPREAD * left / self.patience)
            left -= wait

    def pause(self, seconds: float | None) -> None:
        """Send nothing to the account for this many seconds; 60 for None, and never less than 1."""
        until = self.now() + (PAUSE if seconds is None else max(1.0, seconds))
        self._insist(lambda: self._extend_pause(until))

    def _ask(self) -> float:
        """Take a request; return 0, or the seconds until there may be one to take."""
        for _ in range(SWAP_TRIES):
            wait = self._insist(self._try)
            if wait is not None:
                return wait
            self.sleep(_jitter())
        return 1.0

    def _try(self) -> float | None:
        """Do what `_ask` does once; return None if another process was faster."""
        if self.allowance.limit <= 0:
            row = RequestBudget.objects.filter(pk=self.connection_id).first()
            return max(0.0, _ledger(row).paused_until - self.now())
        with transaction.atomic(durable=True):
            row, _ = RequestBudget.objects.get_or_create(pk=self.connection_id)
            # Read the clock only now, since SQLite may have waited for its lock.
            now = self.now()
            before = _ledger(row)
            after = before.at(now, self.allowance.window)
            ready_at = self.allowance.ready_at(after, self.lane, now)
            if ready_at <= now:
                after = after.with_grant(now, self.lane)
            elif self.lane is Lane.PERSON:
                after = replace(after, person_seen=now)
            if after != before:
                rows = RequestBudget.objects.filter(pk=row.pk, version=row.version)
                changed = rows.update(
                    granted=after.grants,
                    paused_until=after.paused_until,
                    person_seen=after.person_seen,
                    version=row.version + 1,
                )
                if not changed:
                    return None
        # After a stall the request would arrive too long after the time it is counted at, so this grant is lost.
        return None if self.now() - now > LATENESS else ready_at - now

    def _insist(self, action: Callable[[], T]) -> T:
        """Run an action, again if SQLite's database is locked."""
        for _ in range(LOCK_TRIES - 1):
            try:
                return action()
            except OperationalError as error:
                if "locked" not in str(error):
                    raise
            self.sleep(_jitter())
        return action()

    def _extend_pause(self, until: float) -> None:
        RequestBudget.objects.get_or_create(pk=self.connection_id)
        RequestBudget.objects.filter(pk=self.connection_id, paused_until__lt=until).update(
            paused_until=until, version=F("version") + 1
        )


def _ledger(row: RequestBudget | None) -> Ledger:
    if row is None:
        return Ledger()
    grants = tuple(Grant(at, Lane(lane)) for at, lane in row.granted)
    return Ledger(grants, row.paused_until, row.person_seen)


def _jitter() -> float:
    return ports.uniform(0.001, 0.02)
