"""Where the portal meets what it does not own: here time, chance and transport; the queue is in `queueing`.

A simulated world replaces `clock`, `randomness` and `transport`, and with them what every caller gets, defaults of
columns included. What Django times by itself (caches, sessions, signatures) stays by the machine's clock. Plain Python,
for `api` and `http` ask here, too.
"""

import time
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from random import Random, SystemRandom
from typing import TypeVar
from uuid import UUID

Adapter = TypeVar("Adapter")


class Clock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return the moment."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds of a clock that nobody sets."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Return after so many seconds."""
        time.sleep(seconds)


clock = Clock()
# Of the operating system: nobody guesses a token, and no two processes draw the same.
randomness: Random = SystemRandom()


def now() -> datetime:
    """Return the moment as the portal counts it."""
    return clock.now()


def monotonic() -> float:
    """Return seconds to measure time that passes by."""
    return clock.monotonic()


def sleep(seconds: float) -> None:
    """Wait so many seconds."""
    clock.sleep(seconds)


def new_uuid() -> UUID:
    """Return a random UUID."""
    return UUID(int=randomness.getrandbits(128), version=4)


def new_token(size: int) -> str:
    """Return so many random bytes as text for an address or a cookie."""
    return urlsafe_b64encode(randomness.randbytes(size)).rstrip(b"=").decode("ascii")


def uniform(least: float, most: float) -> float:
    """Return a random number between two, to keep apart what would happen at once."""
    return randomness.uniform(least, most)


def transport(adapter: Adapter) -> Adapter:
    """Return what a session sends its requests with, to Offorte or elsewhere: the adapter that it brings."""
    return adapter
