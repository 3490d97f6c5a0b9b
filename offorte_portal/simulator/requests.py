"""The log of requests that reached the API and the OAuth endpoints."""

import threading
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `at` in real epoch seconds, `path` below the account, `status` 0 when no answer was sent."""

    at: float
    account: str
    method: str
    path: str
    status: int
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class RequestLog:
    """A list of requests that many threads append to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Request] = []

    def add(self, request: Request) -> None:
        """Append a request once it was answered (or dropped)."""
        with self._lock:
            self._requests.append(request)

    def copy(self) -> list[Request]:
        """All requests so far, in the order in which they came in."""
        with self._lock:
            return sorted(self._requests, key=lambda request: request.at)

    def clear(self) -> None:
        """Forget all requests."""
        with self._lock:
            self._requests.clear()
