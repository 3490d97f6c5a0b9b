"""Which Offorte account a person is looking at: one, or all of them."""

from collections.abc import Callable

from django.db.models.expressions import Combinable
from django.http import HttpRequest

from offorte_portal.connections.hooks import with_related
from offorte_portal.connections.models import Connection

SESSION_KEY = "account"

_annotations: dict[str, Callable[[HttpRequest], Combinable]] = {}


def annotate(name: str, make: Callable[[HttpRequest], Combinable]) -> None:
    """Read a number with the accounts, as the attribute `name`, so that the frame costs one query a page.

    Rooms call this in their `navigation`.
    """
    _annotations[name] = make


def available(request: HttpRequest) -> list[Connection]:
    """Return all accounts by label, read once a request, each with the numbers that rooms have announced."""
    known: list[Connection] | None = getattr(request, "_portal_accounts", None)
    if known is None:
        connections = with_related().annotate(**{name: make(request) for name, make in _annotations.items()})
        known = sorted(connections, key=lambda connection: str(connection).casefold())
        request._portal_accounts = known  # type: ignore[attr-defined]
    return known


def number_of(connection: Connection, name: str) -> int | None:
    """Return a number that a room has announced, for an account from `available`; None where there is none."""
    number: int | None = getattr(connection, name, None)
    return number


def selected(request: HttpRequest) -> Connection | None:
    """Return the account that the person has chosen to see; None stands for all of them."""
    pk = request.session.get(SESSION_KEY)
    return next((connection for connection in available(request) if connection.pk == pk), None)


def select(request: HttpRequest, pk: str) -> Connection | None:
    """Remember the account with this key as the chosen one, or all accounts if there is no such account."""
    chosen = next((connection for connection in available(request) if str(connection.pk) == pk), None)
    if chosen:
        request.session[SESSION_KEY] = chosen.pk
    else:
        request.session.pop(SESSION_KEY, None)
    return chosen
