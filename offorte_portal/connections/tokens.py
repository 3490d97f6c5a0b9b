"""Keeping an account's token good: one process at a time asks Offorte for a new one.

Parallel refreshes with a refresh token that may be used once end all tokens of the account. So a refresh takes a lease
on the row, and everything it finds out is written only while `token_version` is the one it started from: a result that
comes too late, after a reconnect or a disconnect, changes nothing.
"""

# ruff: noqa: N818 - errors are named like those of api.errors, by what they mean

import logging
from datetime import timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.views.decorators.debug import sensitive_variables

from offorte_portal import ports
from offorte_portal.api.errors import AuthenticationFailed, MalformedAnswer, NotConnected, OfforteError, Unavailable
from offorte_portal.connections.encryption import can_decrypt
from offorte_portal.connections.models import Connection
from offorte_portal.connections.oauth.token_endpoint import GrantRefused, Token, renew_token
from offorte_portal.connections.reasons import ConnectionReason
from offorte_portal.ports import queueing
from offorte_portal.runs import lease
from offorte_portal.text.reason import Reason

logger = logging.getLogger(__name__)

# A token with less time left is refreshed by the daily task.
REFRESH_BEFORE = timedelta(days=7)
# Longer than the longest request to the token endpoint, so that it ends only for a process that died.
LEASE = timedelta(seconds=60)
# Seconds that a process waits for the one that refreshes, and between two looks.
WAIT = 20.0
LOOK_EVERY = 0.2


class NotRenewable(OfforteError):
    """There is no refresh token to get a new token with."""

    code = ConnectionReason.NOT_RENEWABLE


def require_readable(connection: Connection) -> None:
    """Raise NotConnected, with what to do, when no configured key fits the account's secrets."""
    if not can_decrypt(connection, "client_secret", "access_token", "refresh_token"):
        raise NotConnected(ConnectionReason.KEY_MISSING)


def refresh(connection: Connection) -> bool:
    """Get a newer token than `connection` holds and load it into it; False when that failed, with the reason stored."""
    try:
        _renew(connection)
    except OfforteError as error:
        logger.warning("The token of %s was not refreshed: %s", connection.account, error)
        return False
    return True


def refresh_token(connection_id: int) -> None:
    """The task: renew the token of an account."""
    refresh(Connection.objects.get(pk=connection_id))


def refresh_refused(connection: Connection) -> bool:
    """What to do when Offorte refuses the token (401): True when there is a newer one now, to try again with.

    Raises Unavailable or RateLimited when Offorte can't tell at the moment; False once the account is marked for a
    reconnect.
    """
    try:
        _renew(connection)
    except MalformedAnswer:
        raise Unavailable from None
    except OfforteError as error:
        if error.can_retry:
            raise
        mark_reconnect(connection, error.reason)
        return False
    return True


def find_due() -> list[Connection]:
    """Return the accounts whose tokens end within seven days, the first to end first."""
    until = ports.now() + REFRESH_BEFORE
    due = Connection.objects.filter(state=Connection.State.CONNECTED, token_expires_at__lt=until)
    return list(due.order_by("token_expires_at"))


def request_due() -> None:
    """Once a day: let the worker refresh every token that ends soon, each in a task of its own: one may be slow."""
    for connection in find_due():
        queueing.queue(refresh_token, connection.pk, name=f"Token of {connection.pk}")


def mark_reconnect(connection: Connection, reason: Reason) -> None:
    """Record that a person has to connect the account again, unless that has happened already."""
    connected = Connection.objects.filter(state=Connection.State.CONNECTED)
    state = Connection.State.RECONNECT
    if _write(connection, among=connected, state=state, state_reason=reason, refresh_lease_until=None):
        logger.warning("%s has to be connected again: %s", connection.account, reason)
    connection.refresh_from_db(fields=["state", "state_reason"])


def _renew(connection: Connection) -> None:
    """Refresh, or wait for the process that does. Raises an OfforteError when there is no newer token after it."""
    require_readable(connection)
    seen = connection.token_version
    deadline = ports.monotonic() + WAIT
    while not _take_lease(connection):
        _reload(connection)
        if connection.token_version != seen:
            return
        if not connection.is_connected:
            raise AuthenticationFailed(connection.state_reason or "")
        if ports.monotonic() > deadline:
            raise Unavailable(ConnectionReason.STILL_RENEWING)
        ports.sleep(LOOK_EVERY)
    try:
        _store(connection, _ask(connection))
    except OfforteError as error:
        _give_up(connection, error)
        raise


def _ask(connection: Connection) -> Token:
    if not connection.refresh_token:
        raise NotRenewable
    return renew_token(connection)


@sensitive_variables()
def _store(connection: Connection, token: Token) -> None:
    _write(
        connection,
        access_token=token.access,
        refresh_token=token.refresh,
        token_expires_at=token.expires_at,
        token_version=F("token_version") + 1,
        refresh_lease_until=None,
        state_reason=None,
    )
    _reload(connection)
    if not connection.is_connected:
        raise AuthenticationFailed(connection.state_reason or "")


def _give_up(connection: Connection, error: OfforteError) -> None:
    if isinstance(error, GrantRefused):
        mark_reconnect(connection, error.reason)
    else:
        _write(connection, state_reason=error.reason, refresh_lease_until=None)


def _take_lease(connection: Connection) -> bool:
    # `token_version` is the fence.
    is_free = Q(refresh_lease_until=None) | lease.has_run_out(LEASE, until="refresh_lease_until")
    free = Connection.objects.filter(is_free, state=Connection.State.CONNECTED)
    return _write(connection, among=free, refresh_lease_until=ports.now() + LEASE)


def _reload(connection: Connection) -> None:
    """Read again what another process may have changed."""
    names = ["access_token", "refresh_token", "token_expires_at", "token_version", "state", "state_reason"]
    connection.refresh_from_db(fields=names)


def _write(connection: Connection, *, among: QuerySet[Connection] | None = None, **columns: Any) -> bool:
    """Write where the token is still the one that `connection` holds; False when it is not."""
    rows = Connection.objects.all() if among is None else among
    return bool(rows.filter(pk=connection.pk, token_version=connection.token_version).update(**columns))
