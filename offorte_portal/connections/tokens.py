"""Keeps the tokens of accounts valid: only one process at a time requests a new one.

Parallel refreshes with a refresh token that works only once would end all tokens of the account. So a refresh takes a
lease on the row, and writes its result only while `token_version` is the one it started from: a result that comes too
late, after a reconnect or a disconnect, changes nothing.
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

# The daily task refreshes tokens with less time left.
REFRESH_BEFORE = timedelta(days=7)
# Longer than the longest request to the token endpoint, so that it expires only if the process died.
LEASE = timedelta(seconds=60)
# Seconds that a process waits for another one's refresh, and between two checks.
WAIT = 20.0
LOOK_EVERY = 0.2


class NotRenewable(OfforteError):
    """There is no refresh token to get a new token with."""

    code = ConnectionReason.NOT_RENEWABLE


def require_readable(connection: Connection) -> None:
    """Raise NotConnected, with what to do, if no configured key decrypts the account's secrets."""
    if not can_decrypt(connection, "client_secret", "access_token", "refresh_token"):
        raise NotConnected(ConnectionReason.KEY_MISSING)


def refresh(connection: Connection) -> bool:
    """Get a newer token and load it into `connection`; return False if that failed, with the reason stored."""
    try:
        _renew(connection)
    except OfforteError as error:
        logger.warning("The token of %s was not refreshed: %s", connection.account, error)
        return False
    return True


def refresh_token(connection_id: int) -> None:
    """Run the task that renews an account's token."""
    refresh(Connection.objects.get(pk=connection_id))


def refresh_refused(connection: Connection) -> bool:
    """Renew a token that Offorte refused (401); return whether there is a newer one to try again with.

    False means that the account is marked to be reconnected. Raises Unavailable or RateLimited if Offorte can't renew
    it at the moment.
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
    """Queue the refresh of every token that expires soon, in a task per account, since one may be slow."""
    for connection in find_due():
        queueing.queue(refresh_token, connection.pk, name=f"Token of {connection.pk}")


def mark_reconnect(connection: Connection, reason: Reason) -> None:
    """Mark the account to be reconnected by a person, if it is still connected with the same token."""
    connected = Connection.objects.filter(state=Connection.State.CONNECTED)
    state = Connection.State.RECONNECT
    if _write(connection, among=connected, state=state, state_reason=reason, refresh_lease_until=None):
        logger.warning("%s needs to be reconnected: %s", connection.account, reason)
    connection.refresh_from_db(fields=["state", "state_reason"])


def _renew(connection: Connection) -> None:
    """Refresh, or wait for the process that does. Raises an OfforteError if there is no newer token afterwards."""
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
        if not connection.refresh_token:
            raise NotRenewable
        _store(connection, renew_token(connection))
    except GrantRefused as error:
        mark_reconnect(connection, error.reason)
        raise
    except OfforteError as error:
        _write(connection, state_reason=error.reason, refresh_lease_until=None)
        raise


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


def _take_lease(connection: Connection) -> bool:
    # `token_version` is the fence.
    is_free = Q(refresh_lease_until=None) | lease.has_run_out(LEASE, until="refresh_lease_until")
    free = Connection.objects.filter(is_free, state=Connection.State.CONNECTED)
    return _write(connection, among=free, refresh_lease_until=ports.now() + LEASE)


def _reload(connection: Connection) -> None:
    """Reload the columns that another process may have changed."""
    names = ["access_token", "refresh_token", "token_expires_at", "token_version", "state", "state_reason"]
    connection.refresh_from_db(fields=names)


def _write(connection: Connection, *, among: QuerySet[Connection] | None = None, **columns: Any) -> bool:
    """Update the row if its token is still the one that `connection` holds; return whether it was."""
    rows = Connection.objects.all() if among is None else among
    return bool(rows.filter(pk=connection.pk, token_version=connection.token_version).update(**columns))
