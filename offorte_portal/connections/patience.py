"""Whether the running code may wait for another server. In a web process without a free thread it may not."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from offorte_portal.api.errors import Unavailable
from offorte_portal.connections.reasons import ConnectionReason

_may_wait: ContextVar[bool] = ContextVar("may_wait", default=True)


def may_wait() -> bool:
    """Return whether this code may send a request to another server."""
    return _may_wait.get()


def require() -> None:
    """Raise Unavailable if this code may not send a request to another server."""
    if not may_wait():
        raise Unavailable(ConnectionReason.TOO_MANY_WAITING, is_undone=True)


@contextmanager
def without_waiting() -> Iterator[None]:
    """Forbid requests to other servers within the block: writes are left to the worker."""
    token = _may_wait.set(False)
    try:
        yield
    finally:
        _may_wait.reset(token)
