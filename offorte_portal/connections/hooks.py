"""What rooms do around a connection. A room registers its own in `hooks.py`; the order is that of INSTALLED_APPS."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from offorte_portal.connections.models import Connection

logger = logging.getLogger(__name__)
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about an account that a person has to act on.

    `button` says what `remedy` does, an address that is posted to with `is_post`; `advice` is for who may not do that.
    Without a remedy there is only something to read, on the account's page. `overview` is a page with more about it.
    """

    connection: Connection
    message: str
    remedy: str = ""
    button: str = ""
    advice: str = ""
    is_post: bool = False
    overview: str = ""

    @property
    def url(self) -> str:
        """The page where a person reads more of it, or puts it right."""
        account = reverse("admin:connections_connection_change", args=[self.connection.pk])
        return self.overview or self.remedy or account


@dataclass(frozen=True, kw_only=True)
class Hooks:
    """What one room does. What any of them raises is logged and stops no other.

    `connected(connection, request)` runs after a person has connected the account; it may return the address of a page
    that shows what it began. `before_disconnect(connection)` still has the tokens; it may return what people have to
    be told. `disconnected(connection, keep_mirror)` has none any more; `wiped(connection_id)` runs once nothing of what
    was mirrored is left. `find_problem(connection)` and the two after it ask nothing of Offorte; `related` are the
    relations that they read, for one query of all accounts.
    `hears(connection)` says whether Offorte tells of changes by itself, `is_busy(connection_id)` whether something
    waits for the account that background work has to give way to.
    """

    connected: Callable[[Connection, HttpRequest], str | None] | None = None
    before_disconnect: Callable[[Connection], str | None] | None = None
    disconnected: Callable[[Connection, bool], None] | None = None
    wiped: Callable[[int], None] | None = None
    find_problem: Callable[[Connection], Problem | None] | None = None
    hears: Callable[[Connection], bool] | None = None
    is_busy: Callable[[int], bool] | None = None
    related: tuple[str, ...] = ()


ROOMS: list[Hooks] = []


def register(hooks: Hooks) -> None:
    """Make a room's hooks known."""
    ROOMS.append(hooks)


def run(hooks: Iterable[Callable[..., Result] | None], *args: object) -> list[Result]:
    """Run those that there are; return what they returned, without those that failed."""
    results = []
    for hook in hooks:
        if hook is not None:
            try:
                results.append(hook(*args))
            except Exception:
                logger.exception("%s failed for %s", hook.__module__, args[0])
    return results


def with_related() -> QuerySet[Connection]:
    """Return all accounts with what the hooks read of them."""
    names = [name for room in ROOMS for name in room.related]
    return Connection.objects.select_related(*names) if names else Connection.objects.all()
