"""What rooms do around a connection. Each registers hooks in `hooks.py`; they run in the order of INSTALLED_APPS."""

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
    """A problem of an account that a person has to act on.

    `button` is the label of `remedy`, a URL that is posted to with `is_post`; `advice` is for people who may not do
    that. Without a remedy there is only something to read, on the account's page. `overview` is a page with more.
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
        """The page where a person reads more about the problem, or solves it."""
        account = reverse("admin:connections_connection_change", args=[self.connection.pk])
        return self.overview or self.remedy or account


@dataclass(frozen=True, kw_only=True)
class Hooks:
    """The hooks of one room. An exception in one of them is logged and stops no other.

    `connected(connection, request)` runs after a person has connected the account; it may return the URL of a page that
    shows what it started. `before_disconnect(connection)` still has the tokens; it may return a message for the person.
    `disconnected(connection, keep_mirror)` runs after the tokens are deleted, `wiped(connection_id)` once no mirrored
    row is left. `find_problem(connection)`, `hears(connection)` and `is_busy(connection_id)` send no requests to
    Offorte: `hears` says whether Offorte reports changes by itself, `is_busy` whether something waits for the account
    that background work has to give way to. `related` are the relations that they read, for one query of all
    accounts.
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
    ROOMS.append(hooks)


def run(hooks: Iterable[Callable[..., Result] | None], *args: object) -> list[Result]:
    """Run the hooks that are set; return their results, without those of hooks that failed."""
    results = []
    for hook in hooks:
        if hook is not None:
            try:
                results.append(hook(*args))
            except Exception:
                logger.exception("%s failed for %s", hook.__module__, args[0])
    return results


def with_related() -> QuerySet[Connection]:
    """Return all accounts with the relations that the hooks read."""
    names = [name for room in ROOMS for name in room.related]
    return Connection.objects.select_related(*names) if names else Connection.objects.all()
