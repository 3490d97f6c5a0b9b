"""The rules of an account's request budget: who may send the next request, and when. Without a clock or a database.

Grants are kept for one window, a little longer than Offorte's minute. People may use all of it. Background work
leaves requests free for people: while a person is active, what remains of the third of the limit that is theirs; else
one request, so that the first click does not wait. It also paces itself so that, however it spent the window so far, a
request comes free for people every few seconds: a burst now must not block them later.

Of the two kinds of background work, what people asked for and wait for in the queue goes before reading that nobody
asked for. While the queue is worked on, reading gets a few requests in every window, so that it is never stopped.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple, Self

# Offorte counts 30 requests in any 60 s as they arrive; the budget counts them when they are granted. A slow request
# may arrive just before a fast one that was granted a window later, so the window is longer than the minute: by the
# time that a grant may take to be known (0.5 s) and a request to arrive (1 s).
MINUTE = 60.0
LATENESS = 0.5
TRAVEL = 1.0
# Seconds for which a person counts as active after the last sign of them.
PRESENCE = 90.0
# Seconds for which the queue counts as worked on after its last request: longer than its requests are ever apart.
BUSY = 30.0
# In multiples of the even interval of requests: how far apart requests may come free for a person who becomes active,
# and how close together background work sends its own once half of the limit is used, so that bursts wear off.
WIDEST = 1.25
CLOSEST = 0.95


class Lane(StrEnum):
    """The purpose of a request: a person who waits for it, what people have asked for and queued, or other work."""

    PERSON = "person"
    QUEUED = "queued"
    BACKGROUND = "background"


class Grant(NamedTuple):
    """A granted request, in epoch seconds."""

    at: float
    lane: Lane


@dataclass(frozen=True, slots=True)
class Ledger:
    """The state of an account's budget at one moment; grants are oldest first, all times are epoch seconds."""

    grants: tuple[Grant, ...] = ()
    paused_until: float = 0
    person_seen: float = 0

    def at(self, now: float, window: float) -> Self:
        """Return the ledger as of `now`, without grants older than a window.

        Times in the future were written before the clock was set back, and count as now: they are never forgotten too
        early and delay nobody for longer than if they were new.
        """
        set_back = max(0, self.grants[-1].at - now) if self.grants else 0
        return replace(
            self,
            grants=tuple(Grant(min(at, now), lane) for at, lane in self.grants if at + window > now),
            paused_until=self.paused_until - set_back,
            person_seen=min(self.person_seen, now),
        )

    def with_grant(self, at: float, lane: Lane) -> Self:
        """Return the ledger with one more grant; a person's grant also marks the person as active."""
        seen = at if lane is Lane.PERSON else self.person_seen
        return replace(self, grants=(*self.grants, Grant(at, lane)), person_seen=seen)

    def used(self, *lanes: Lane) -> int:
        """Return the number of grants of these lanes."""
        return sum(grant.lane in lanes for grant in self.grants)

    def times(self, lane: Lane) -> list[float]:
        """Return the times of the grants of a lane, oldest first."""
        return [grant.at for grant in self.grants if grant.lane is lane]

    def is_person_about(self, now: float) -> bool:
        """Return whether a person was active recently."""
        return now - self.person_seen < PRESENCE


@dataclass(frozen=True, slots=True)
class Allowance:
    """The limit of an account: `limit` requests in any `window` seconds; no limit if it is 0 or less."""

    limit: int
    window: float = MINUTE + LATENESS + TRAVEL

    def ready_at(self, ledger: Ledger, lane: Lane, now: float) -> float:
        """Return when the lane may send one more request: `now`, or the time as far as it is known."""
        start = max(now, ledger.paused_until)
        if self.limit <= 0:
            return start
        if lane is Lane.PERSON or ledger.used(Lane.QUEUED, Lane.BACKGROUND) < self._few:
            return self._room_at(ledger, start, kept=0)
        ready_at = max(self._room_at(ledger, start, kept=self._kept(ledger, now)), self._even_at(ledger))
        return max(ready_at, self._turn_at(ledger)) if lane is Lane.BACKGROUND else ready_at

    def share(self, ledger: Ledger, lane: Lane, now: float) -> int:
        """Return the requests per window that a lane other than people's gets if the situation stays the same."""
        left = self.limit - ledger.used(Lane.PERSON) - self._kept(ledger, now)
        if lane is Lane.QUEUED:
            left -= min(self._few, ledger.used(Lane.BACKGROUND))
        elif self._turn_at(ledger) > now:
            return self._few
        return max(self._few, left)

    @property
    def _few(self) -> int:
        """The number of requests that either lane gets in every window, whatever the other one sends."""
        return max(1, self.limit // 10)

    def _kept(self, ledger: Ledger, now: float) -> int:
        """Return how many requests background work leaves free for people."""
        if not ledger.is_person_about(now):
            return 1
        return max(self._few, self.limit // 3 - ledger.used(Lane.PERSON))

    def _turn_at(self, ledger: Ledger) -> float:
        """Return when reading may go on beside the queue: once the queue is idle, or a few are fewer again."""
        queued, background = ledger.times(Lane.QUEUED), ledger.times(Lane.BACKGROUND)
        if not queued or len(background) < self._few:
            return 0
        return min(queued[-1] + BUSY, background[-self._few] + self.window)

    def _room_at(self, ledger: Ledger, start: float, *, kept: int) -> float:
        """Return when enough grants have left the window for one more request with `kept` free ones after it."""
        leaving = len(ledger.grants) + 1 + kept - self.limit
        if leaving <= 0:
            return start
        return max(start, ledger.grants[min(leaving, len(ledger.grants)) - 1].at + self.window)

    def _even_at(self, ledger: Ledger) -> float:
        """Return when one more request leaves a person one every few seconds until the window has passed.

        Before a grant leaves the window, a person has what is free after this request, and what left before that grant.
        """
        even = self.window / max(1, self.limit - 1)
        free = self.limit - len(ledger.grants) - 1
        moments = [
            grant.at + self.window - WIDEST * even * (free + left)
            for left, grant in enumerate(ledger.grants)
            if free + left > 0
        ]
        if 2 * len(ledger.grants) > self.limit:
            moments.append(ledger.grants[-1].at + CLOSEST * even)
        return max(moments, default=0)
