"""The simulator's own time: real time that tests may push forward."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """Runs with real time from `start` (default: now); `advance` moves it forward at once."""

    def __init__(self, start: datetime | None = None) -> None:
        self._lock = threading.Lock()
        self._ahead = start.timestamp() - time.time() if start else 0.0
        self._listeners: list[Callable[[], None]] = []

    def time(self) -> float:
        """Simulated epoch seconds."""
        return time.time() + self._ahead

    def now(self) -> datetime:
        """Simulated moment, aware, in UTC."""
        return datetime.fromtimestamp(self.time(), UTC)

    def advance(self, seconds: float) -> None:
        """Move the simulated time `seconds` forward (backward when negative) and call the listeners."""
        with self._lock:
            self._ahead += seconds
        for listener in self._listeners:
            listener()

    def call_on_advance(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every `advance`."""
        self._listeners.append(listener)
