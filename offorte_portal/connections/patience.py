"""Whether the code that runs may wait for another server. In a web process without a free thread it may not."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from offorte_portal.api.errors import Unavailable
from offorte_portal.connections.reasons import ConnectionReason

_may_wait: ContextVar[bool] = ContextVar("may_wait", default=True)


def may_wait() -> bool:
    """Return whether another server may be asked from here."""
    return _may_wait.get()


def require() -> None:
    """Raise Unavailable where another server may not be asked from here."""
    if not may_wait():
        raise Unavailable(ConnectionReason.TOO_MANY_WAITING, is_undone=True)


@contextmanager
def without_waiting() -> Iterator[None]:
    """Let nothing within ask another server: writes are left to the worker."""
    token = _may_wait.set(False)
    try:
        yield
    finally:
        _may_wait.reset(token)
