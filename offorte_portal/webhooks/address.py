"""The address that Offorte posts an account's events to: only the secret in it proves who may post there."""

from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.views.decorators.debug import sensitive_variables

from offorte_portal import ports
from offorte_portal.api.concealing import conceal_url, mark_of
from offorte_portal.connections.encryption import can_decrypt
from offorte_portal.connections.models import Connection
from offorte_portal.webhooks.models import WebhookEndpoint

PATH = "/webhooks/offorte/"
# How long the previous address stays valid after a rotation: longer than Offorte keeps trying to deliver an event.
GRACE = timedelta(days=2)
# Seconds that a process caches the account of a secret, so that a flood does not cost a look-up for each event.
REMEMBERED = 5.0
_MOST_REMEMBERED = 1000
_known: dict[str, tuple[int, float]] = {}


@sensitive_variables()
def hash_token(token: str) -> str:
    """Return the hash that a secret is looked up by."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


@sensitive_variables()
def ensure(connection: Connection) -> WebhookEndpoint:
    """Return the account's endpoint, created if there is none; rotate it if no key can decrypt the stored secret."""
    endpoint = WebhookEndpoint.objects.filter(pk=connection.pk).first()
    if endpoint is None:
        token = ports.new_token(32)
        try:
            with transaction.atomic():
                return WebhookEndpoint.objects.create(connection=connection, token=token, token_hash=hash_token(token))
        except IntegrityError:  # Another process was faster.
            endpoint = WebhookEndpoint.objects.get(pk=connection.pk)
    return endpoint if can_decrypt(endpoint, "token") else rotate(endpoint)


@sensitive_variables()
def rotate(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """Give the account a new address; the current one stays valid for two days."""
    token = ports.new_token(32)
    rows = WebhookEndpoint.objects.filter(pk=endpoint.pk, token_hash=endpoint.token_hash)
    rows.update(
        token=token,
        token_hash=hash_token(token),
        previous_hash=endpoint.token_hash,
        previous_until=ports.now() + GRACE,
    )
    return WebhookEndpoint.objects.get(pk=endpoint.pk)


def full_url(endpoint: WebhookEndpoint) -> str:
    """Return the address that Offorte posts to, with the secret."""
    return f"{settings.PORTAL_URL}{PATH}{endpoint.token}/"


def concealed_url(endpoint: WebhookEndpoint) -> str:
    """Return the address as Offorte's answers show it, without the secret."""
    return conceal_url(full_url(endpoint))


def leads_here(endpoint: WebhookEndpoint, url: str) -> bool:
    """Return whether events posted to an address arrive: it is this portal's, with a secret that is still valid."""
    portal, path, secret = conceal_url(url).rpartition(PATH)
    digests = [endpoint.token_hash]
    if endpoint.previous_until and endpoint.previous_until > ports.now():
        digests.append(endpoint.previous_hash)
    is_here = portal + path == conceal_url(settings.PORTAL_URL + PATH)
    return is_here and secret.rstrip("/") in {mark_of(digest) for digest in digests if digest}


def is_ours(endpoint: WebhookEndpoint | None, remote_id: int | None, url: str) -> bool:
    """Return whether a webhook at Offorte is this portal's.

    It is if it leads to this portal, whatever its secret. It also is if it leads to another address, because PORTAL_URL
    was different then, but has a secret of this account or the id of the registered webhook. A webhook of another
    portal has neither. `url` may be concealed or not.
    """
    portal, path, secret = conceal_url(url).rpartition(PATH)
    if not path:
        return False
    if portal + path == conceal_url(settings.PORTAL_URL + PATH):
        return True
    if endpoint is None:
        return False
    marks = {mark_of(digest) for digest in (endpoint.token_hash, endpoint.previous_hash) if digest}
    return secret.rstrip("/") in marks or (remote_id is not None and remote_id == endpoint.remote_id)


@sensitive_variables()
def find_connection(token: str) -> int | None:
    """Return the id of the account that a secret belongs to, or None. Raises DatabaseError."""
    token_hash = hash_token(token)
    connection_id, until = _known.get(token_hash, (0, 0.0))
    if until > ports.monotonic():
        return connection_id
    # Two look-ups, each by its own index; the second one finds addresses in the two days after a rotation.
    current = WebhookEndpoint.objects.exclude(connection__state=Connection.State.DISCONNECTED)
    found = current.filter(token_hash=token_hash).values_list("pk", flat=True).first()
    if found is None:
        is_good = Q(previous_hash=token_hash, previous_until__gt=ports.now())
        found = current.filter(is_good).values_list("pk", flat=True).first()
    if found is not None:
        if len(_known) >= _MOST_REMEMBERED:
            _known.clear()
        _known[token_hash] = (found, ports.monotonic() + REMEMBERED)
    return found


@sensitive_variables()
def forget(token: str) -> None:
    """Remove a secret from the cache, so that it is looked up next time."""
    _known.pop(hash_token(token), None)
