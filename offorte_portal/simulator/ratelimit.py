"""The limit of requests an account, counted over any 60 seconds."""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable

WINDOW = 60.0


class RateLimit:
    """A sliding window for each account; a refused request does not count."""

    def __init__(self, per_minute: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._lock = threading.Lock()
        self._passed: dict[str, deque[float]] = defaultdict(deque)

    def check(self, account: str) -> float:
        """Count a request; 0 when it may pass, else the seconds until one may."""
        if not self.per_minute:
            return 0.0
        with self._lock:
            now = self._clock()
            passed = self._passed[account]
            while passed and passed[0] <= now - WINDOW:
                passed.popleft()
            if len(passed) >= self.per_minute:
                return passed[len(passed) - self.per_minute] + WINDOW - now
            passed.append(now)
            return 0.0

    def clear(self) -> None:
        """Forget what passed."""
        with self._lock:
            self._passed.clear()
