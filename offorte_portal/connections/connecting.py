"""Connects and disconnects Offorte accounts, and opens clients for them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from offorte_portal import ports
from offorte_portal.api.client import Client
from offorte_portal.api.errors import AuthenticationFailed, NotConnected
from offorte_portal.api.transport import Answer, Gate, Transport
from offorte_portal.connections import hooks, patience
from offorte_portal.connections.budget import Lane, gate
from offorte_portal.connections.encryption import can_decrypt
from offorte_portal.connections.hooks import Problem
from offorte_portal.connections.models import Connection
from offorte_portal.connections.oauth.address import require_confidential
from offorte_portal.connections.oauth.session import open_session
from offorte_portal.connections.oauth.token_endpoint import Token
from offorte_portal.connections.reasons import ConnectionReason
from offorte_portal.connections.tokens import mark_reconnect, refresh_refused, require_readable
from offorte_portal.runs.reasons import Reason, put_into_words

__all__ = [
    "Problem",
    "client",
    "connect",
    "disconnect",
    "mark_reconnect",
    "note_failure",
    "problems",
    "verify",
]

# A token with less time left should already have been refreshed.
ENDS_SOON = timedelta(days=5)


class _AccountTransport(Transport):
    """Marks the account to be reconnected when Offorte refuses even a new token."""

    def __init__(self, connection: Connection, **options: Any) -> None:
        super().__init__(connection.api_url, **options)
        self._connection = connection

    def request(self, *args: Any, **options: Any) -> Answer:
        try:
            return super().request(*args, **options)
        except AuthenticationFailed as error:
            mark_reconnect(self._connection, error.reason)
            raise


def client(connection: Connection, lane: Lane, *, through: Gate | None = None) -> Client:
    """Return a client of the account that uses the budget of `lane` and renews the token when Offorte refuses it.

    `through` replaces the lane's own gate. Raises NotConnected, with what to do, if the account can't be used, and
    Unavailable if this process may not wait (`patience`).
    """
    if not connection.is_connected:
        raise NotConnected
    patience.require()
    require_readable(connection)
    require_confidential(connection.api_url)
    transport = _AccountTransport(
        connection,
        session=open_session(lambda: connection.access_token),
        gate=through or gate(connection, lane),
        on_unauthorized=lambda: refresh_refused(connection),
    )
    return Client(transport)


@sensitive_variables()
def verify(connection: Connection, access_token: str) -> None:
    """Send a `hello` with a token that is not stored yet. Raises any OfforteError."""
    session = open_session(lambda: access_token)
    transport = Transport(require_confidential(connection.api_url), session, gate(connection, Lane.PERSON))
    try:
        Client(transport).hello()
    finally:
        transport.close()


@sensitive_variables()
def connect(connection: Connection, token: Token, *, by: User) -> None:
    """Store the token of a new consent; the result of a refresh under way is discarded."""
    Connection.objects.filter(pk=connection.pk).update(
        access_token=token.access,
        refresh_token=token.refresh,
        token_expires_at=token.expires_at,
        token_version=F("token_version") + 1,
        refresh_lease_until=None,
        state=Connection.State.CONNECTED,
        state_reason=None,
        connected_by=by,
        connected_at=ports.now(),
    )
    connection.refresh_from_db()


def note_failure(connection: Connection, reason: Reason) -> None:
    """Store why a person's attempt to connect failed; an existing connection stays connected."""
    Connection.objects.filter(pk=connection.pk).update(state_reason=reason)


def disconnect(connection: Connection, *, by: User, keep_mirror: bool) -> None:
    """Delete the tokens and run the rooms' hooks, which stop work and, without `keep_mirror`, remove the mirror."""
    Connection.objects.filter(pk=connection.pk).update(
        access_token="",
        refresh_token="",
        token_expires_at=None,
        token_version=F("token_version") + 1,
        refresh_lease_until=None,
        state=Connection.State.DISCONNECTED,
        state_reason=ConnectionReason.DISCONNECTED_BY(name=str(by)),
        removal_queued_at=None,
    )
    connection.refresh_from_db()
    hooks.run([room.disconnected for room in hooks.ROOMS], connection, keep_mirror)


def problems(known: Iterable[Connection] | None = None) -> list[Problem]:
    """Return the problems of accounts that a person has to act on, for the banner on every page.

    `known` are the accounts if they are loaded already, so that a page need not query them twice.
    """
    states = {Connection.State.CONNECTED, Connection.State.RECONNECT}
    everything = hooks.with_related() if known is None else known
    ongoing = (connection for connection in everything if connection.state in states)
    found = (_problem_of(connection) for connection in ongoing)
    return [problem for problem in found if problem]


def _problem_of(connection: Connection) -> Problem | None:
    """Return the account's most important problem: without a connection, no other one can be solved."""
    message = ""
    ends_at = connection.token_expires_at
    if connection.state == Connection.State.RECONNECT:
        message = put_into_words(connection.state_reason or ConnectionReason.RECONNECT())
    elif not can_decrypt(connection, "access_token"):
        message = put_into_words(ConnectionReason.KEY_MISSING())
    elif ends_at and ends_at < ports.now() + ENDS_SOON:
        date = date_format(timezone.localtime(ends_at), "DATE_FORMAT")
        reason = put_into_words(connection.state_reason)
        message = _("The connection ends on %(date)s. %(reason)s") % {"date": date, "reason": reason}
    if message:
        remedy = reverse("offorte_login", args=[connection.account])
        advice = _("Ask an administrator to reconnect it.")
        return Problem(connection, message, remedy, button=_("Reconnect"), advice=advice)
    for problem in hooks.run([room.find_problem for room in hooks.ROOMS], connection):
        if problem is not None:
            return problem
    if keys := connection.vanished_keys:
        message = _("Offorte no longer sends %(keys)s. The portal shows the last values it received.")
        return Problem(connection, message % {"keys": ", ".join(keys)})
    return None
