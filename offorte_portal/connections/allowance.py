"""Who may send the next request to an account, and when: the rules of its budget, without a clock or a database.

Grants are kept for one window, a little longer than Offorte's minute. People may use all of it. Background work
leaves room behind every request it sends: while a person is about, what is left of a third of the limit that is
theirs; while nobody is, one request, so that the first click does not wait. And however it spent the window so far,
it keeps a request coming free for them every few seconds, so that a burst now is no silence for them later.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple, Self

# Offorte counts 30 requests in any 60 s at their arrival; the budget counts them when they are granted. A request
# granted late in its second of travel may arrive close before one that was granted a window later and travelled
# fast: the window is longer than the minute by what a grant may take to be known (0.5 s) and a request to arrive (1 s).
MINUTE = 60.0
LATENESS = 0.5
TRAVEL = 1.0
# How long after the last sign of a person they still count as about.
PRESENCE = 90.0
# In shares of an evenly spent window: how far apart requests may come free for a person who shows up, and how close
# together background work sends its own once half of the window is used, so that bursts wear off.
WIDEST = 1.25
CLOSEST = 0.95


class Lane(StrEnum):
    """Whom a request is for: a person who waits for it, or work that can wait."""

    PERSON = "person"
    BACKGROUND = "background"


class Grant(NamedTuple):
    """A request that was granted, in epoch seconds."""

    at: float
    lane: Lane


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is known of an account at one moment; grants are oldest first, all moments epoch seconds."""

    grants: tuple[Grant, ...] = ()
    paused_until: float = 0
    person_seen: float = 0

    def at(self, now: float, window: float) -> Self:
        """The ledger as it stands at `now`: what is older than a window is gone.

        What lies in the future was written before the clock was set back, and counts as of now: it is never
        forgotten too early and holds nobody up for longer than if it were new.
        """
        set_back = max(0, self.grants[-1].at - now) if self.grants else 0
        return replace(
            self,
            grants=tuple(Grant(min(at, now), lane) for at, lane in self.grants if at + window > now),
            paused_until=self.paused_until - set_back,
            person_seen=min(self.person_seen, now),
        )

    def with_grant(self, at: float, lane: Lane) -> Self:
        """The ledger after one more request; a person's says that a person is about."""
        seen = at if lane is Lane.PERSON else self.person_seen
        return replace(self, grants=(*self.grants, Grant(at, lane)), person_seen=seen)

    def used(self, lane: Lane) -> int:
        """How many requests of a lane there are."""
        return sum(grant.lane is lane for grant in self.grants)

    def is_person_about(self, now: float) -> bool:
        """Whether a person was seen of late."""
        return now - self.person_seen < PRESENCE


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an account allows: `limit` requests in any `window` seconds; no limit where it is 0 or less."""

    limit: int
    window: float = MINUTE + LATENESS + TRAVEL

    def ready_at(self, ledger: Ledger, lane: Lane, now: float) -> float:
        """From when on the lane may send one more request: `now`, or the moment as far as it is known by now."""
        start = max(now, ledger.paused_until)
        if self.limit <= 0:
            return start
        if lane is Lane.PERSON or ledger.used(Lane.BACKGROUND) < self._few:
            return self._room_at(ledger, start, kept=0)
        return max(self._room_at(ledger, start, kept=self._kept(ledger, now)), self._even_at(ledger))

    def background_share(self, ledger: Ledger, now: float) -> int:
        """How many requests of a window background work gets if things stay as they are."""
        return max(self._few, self.limit - ledger.used(Lane.PERSON) - self._kept(ledger, now))

    @property
    def _few(self) -> int:
        """What either lane gets of every window, however much the other one asks for."""
        return max(1, self.limit // 10)

    def _kept(self, ledger: Ledger, now: float) -> int:
        """How many requests background work leaves free for people."""
        if not ledger.is_person_about(now):
            return 1
        return max(self._few, self.limit // 3 - ledger.used(Lane.PERSON))

    def _room_at(self, ledger: Ledger, start: float, *, kept: int) -> float:
        """When enough grants have left the window for one more and `kept` behind it."""
        leaving = len(ledger.grants) + 1 + kept - self.limit
        if leaving <= 0:
            return start
        return max(start, ledger.grants[min(leaving, len(ledger.grants)) - 1].at + self.window)

    def _even_at(self, ledger: Ledger) -> float:
        """When one more request leaves a person one every few seconds until the window has passed.

        Before a grant leaves the window, a person has what is free after this request and what left before it.
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
