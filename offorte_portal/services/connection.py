"""Connecting an Offorte account, asking it things, and letting go of it."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.debug import sensitive_variables

from offorte_portal import ports
from offorte_portal.api.client import Client
from offorte_portal.api.errors import AuthenticationFailed, NotConnected
from offorte_portal.api.transport import Answer, Gate, Transport
from offorte_portal.connections import patience
from offorte_portal.connections.budget import Lane, gate
from offorte_portal.connections.oauth.address import require_confidential
from offorte_portal.connections.oauth.session import open_session
from offorte_portal.connections.oauth.token_endpoint import Token
from offorte_portal.connections.tokens import UNREADABLE, mark_reconnect, refresh_refused, require_readable
from offorte_portal.models import Connection, Mirrored, SyncRun, WebhookEndpoint
from offorte_portal.models.encrypted import can_decrypt

__all__ = [
    "Problem",
    "client",
    "connect",
    "disconnect",
    "has_mirror",
    "mark_reconnect",
    "note_failure",
    "problems",
    "remove_mirror",
    "resume_removals",
    "verify",
]

# Rows that one transaction removes, so that nobody waits long for the database.
REMOVED_AT_ONCE = 200
# Seconds after which a removal goes on in another task; well under the worker's timeout.
LONGEST_REMOVAL = 100
# A slice of a removal that was queued longer ago is taken for lost.
REMOVAL_LOST_AFTER = timedelta(minutes=5)
_REMOVE_MIRROR = "offorte_portal.services.connection.remove_mirror"
# A token with less time left should have been refreshed by now.
ENDS_SOON = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about an account that a person has to act on."""

    connection: Connection
    message: str
    is_webhook: bool = False
    is_omission: bool = False

    @property
    def url(self) -> str:
        """What puts it right: a POST to it begins the handshake, or looks after the webhook, at once.

        Of what Offorte leaves out only more can be read: the account's page.
        """
        if self.is_omission:
            return reverse("admin:offorte_portal_connection_change", args=[self.connection.pk])
        if self.is_webhook:
            return reverse("webhook_check", args=[self.connection.pk])
        return reverse("offorte_login", args=[self.connection.account])


class _AccountTransport(Transport):
    """Marks the account when Offorte refuses even a new token."""

    def __init__(self, connection: Connection, **options: Any) -> None:
        super().__init__(connection.api_url, **options)
        self._connection = connection

    def request(self, *args: Any, **options: Any) -> Answer:
        try:
            return super().request(*args, **options)
        except AuthenticationFailed as error:
            mark_reconnect(self._connection, str(error))
            raise


def client(connection: Connection, lane: Lane, *, through: Gate | None = None) -> Client:
    """Return a client of the account that spends from `lane` and renews the token when Offorte refuses it.

    `through` is the gate to use in the place of the lane's own. Raises NotConnected, with what to do, when the account
    can't be asked anything; Unavailable where this process may not wait (`patience`).
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
    """Say hello with a token that is not stored yet. Raises any OfforteError."""
    session = open_session(lambda: access_token)
    transport = Transport(require_confidential(connection.api_url), session, gate(connection, Lane.PERSON))
    try:
        Client(transport).hello()
    finally:
        transport.close()


@sensitive_variables()
def connect(connection: Connection, token: Token, *, by: User) -> None:
    """Store the token of a new consent; whatever a refresh is still finding out about an older one is void."""
    Connection.objects.filter(pk=connection.pk).update(
        access_token=token.access,
        refresh_token=token.refresh,
        token_expires_at=token.expires_at,
        token_version=F("token_version") + 1,
        refresh_lease_until=None,
        state=Connection.State.CONNECTED,
        state_reason="",
        connected_by=by,
        connected_at=timezone.now(),
    )
    connection.refresh_from_db()


def note_failure(connection: Connection, reason: str) -> None:
    """Record why a person's attempt to connect failed; what was connected before stays connected."""
    Connection.objects.filter(pk=connection.pk).update(state_reason=reason)


def disconnect(connection: Connection, *, by: User, keep_mirror: bool) -> None:
    """Wipe the tokens and ask a running sync to stop; without `keep_mirror` a task removes what was mirrored."""
    Connection.objects.filter(pk=connection.pk).update(
        access_token="",
        refresh_token="",
        token_expires_at=None,
        token_version=F("token_version") + 1,
        refresh_lease_until=None,
        state=Connection.State.DISCONNECTED,
        state_reason=_("Disconnected by %(name)s.") % {"name": by.get_username()},
        removal_queued_at=None,
    )
    SyncRun.objects.filter(connection=connection, state__in=SyncRun.ACTIVE).update(is_cancel_requested=True)
    if not keep_mirror:
        _queue_removal(connection.pk)
    connection.refresh_from_db()


def remove_mirror(connection_id: int) -> int:
    """Remove what was mirrored of a disconnected account, a little at a time; return how many rows.

    Ends at once when the account is connected again, and hands over to another task when it takes long.
    """
    removed = 0
    deadline = time.monotonic() + LONGEST_REMOVAL
    for model in _mirrored_models():
        rows = model._default_manager.filter(connection_id=connection_id)
        while ids := list(rows.values_list("pk", flat=True)[:REMOVED_AT_ONCE]):
            if not _is_disconnected(connection_id):
                return removed
            if time.monotonic() > deadline:
                _queue_removal(connection_id)
                return removed
            with transaction.atomic():
                rows.filter(pk__in=ids).delete()
            removed += len(ids)
    disconnected = Connection.objects.filter(pk=connection_id, state=Connection.State.DISCONNECTED)
    disconnected.update(synced_at=None, removal_queued_at=None)
    return removed


def resume_removals() -> None:
    """Queue the removals whose task was lost."""
    lost = Connection.objects.filter(
        state=Connection.State.DISCONNECTED, removal_queued_at__lt=ports.now() - REMOVAL_LOST_AFTER
    )
    for connection_id in lost.values_list("pk", flat=True):
        _queue_removal(connection_id)


def _queue_removal(connection_id: int) -> None:
    Connection.objects.filter(pk=connection_id).update(removal_queued_at=ports.now())
    ports.queue(_REMOVE_MIRROR, connection_id, name=f"Removal of {connection_id}")


def has_mirror(connection: Connection) -> bool:
    """Whether anything that was mirrored of the account is still here."""
    return any(model._default_manager.filter(connection=connection).exists() for model in _mirrored_models())


def problems(known: Iterable[Connection] | None = None) -> list[Problem]:
    """Everything about the accounts that a person has to act on, for the banner on every page.

    `known` are the accounts where they have been read already, so that a page need not ask twice.
    """
    states = {Connection.State.CONNECTED, Connection.State.RECONNECT}
    everything = Connection.objects.select_related("webhook_endpoint") if known is None else known
    ongoing = (connection for connection in everything if connection.state in states)
    found = (_problem_of(connection) for connection in ongoing)
    return [problem for problem in found if problem]


def _problem_of(connection: Connection) -> Problem | None:
    """What is wrong first: without a connection, the webhook could not be put right."""
    if message := _describe_connection(connection):
        return Problem(connection, message)
    if message := _describe_webhook(connection):
        return Problem(connection, message, is_webhook=True)
    if keys := connection.vanished_keys:
        message = _("Offorte no longer sends %(keys)s. The portal shows what it knew of that before.")
        return Problem(connection, message % {"keys": ", ".join(keys)}, is_omission=True)
    return None


def _describe_webhook(connection: Connection) -> str:
    """What is wrong with a webhook that stopped working and that the administrators were told of."""
    endpoint: WebhookEndpoint | None = getattr(connection, "webhook_endpoint", None)
    if endpoint is None or endpoint.state != WebhookEndpoint.State.BROKEN or not endpoint.alerted_at:
        return ""
    news = _("Changes at Offorte arrive with the next sync only, for the webhook does not work.")
    return f"{news} {_(endpoint.reason)}"


def _describe_connection(connection: Connection) -> str:
    if connection.state == Connection.State.RECONNECT:
        return _(connection.state_reason or gettext_noop("The account has to be connected again."))
    if not can_decrypt(connection, "access_token"):
        return _(UNREADABLE)
    ends_at = connection.token_expires_at
    if ends_at and ends_at < timezone.now() + ENDS_SOON:
        date = date_format(timezone.localtime(ends_at), "DATE_FORMAT")
        return _("The connection ends on %(date)s. %(reason)s") % {"date": date, "reason": _(connection.state_reason)}
    return ""


def _mirrored_models() -> Iterator[type[Mirrored]]:
    """Every mirrored model, those that point to others first."""
    return (model for model in reversed(list(apps.get_models())) if issubclass(model, Mirrored))


def _is_disconnected(connection_id: int) -> bool:
    return Connection.objects.filter(pk=connection_id, state=Connection.State.DISCONNECTED).exists()
