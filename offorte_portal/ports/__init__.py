"""Ports to what the portal does not control: time, randomness and HTTP transport; the queue is in `queueing`.

A simulated world replaces `clock`, `randomness` and `transport`, and so changes what every caller gets, column defaults
included. What Django times itself (caches, sessions, signatures) keeps using the machine's clock. This module is plain
Python, because `api` and `http` use it too.
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
        """Return the current time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the seconds of a clock that is never adjusted."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


clock = Clock()
# The operating system's source: tokens can't be guessed, and no two processes draw the same numbers.
randomness: Random = SystemRandom()


def now() -> datetime:
    """Return the current time in UTC, by the portal's clock."""
    return clock.now()


def monotonic() -> float:
    """Return seconds for measuring elapsed time."""
    return clock.monotonic()


def sleep(seconds: float) -> None:
    clock.sleep(seconds)


def new_uuid() -> UUID:
    return UUID(int=randomness.getrandbits(128), version=4)


def new_token(size: int) -> str:
    """Return `size` random bytes as URL-safe text, for an address or a cookie."""
    return urlsafe_b64encode(randomness.randbytes(size)).rstrip(b"=").decode("ascii")


def uniform(least: float, most: float) -> float:
    """Return a random number in a range, to spread out what would otherwise happen at once."""
    return randomness.uniform(least, most)


def transport(adapter: Adapter) -> Adapter:
    """Return the adapter for a session's requests: the given one, unless a simulated world replaces this function."""
    return adapter
