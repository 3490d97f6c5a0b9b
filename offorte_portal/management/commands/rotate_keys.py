"""Encrypts everything that is stored encrypted with the newest key, so that older keys can be discarded."""

from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from offorte_portal.connections.encryption import cipher
from offorte_portal.connections.models import Connection
from offorte_portal.connections.secrets import ROOMS, StoredSecrets
from offorte_portal.staff import security_log
from offorte_portal.webhooks.mirror import WEBHOOKS
from offorte_portal.webhooks.models import WebhookEndpoint
from offorte_portal.writes.models import Operation

ACCOUNTS = StoredSecrets(
    model=Connection,
    columns=("client_secret", "access_token", "refresh_token"),
    name="accounts",
    title="accounts",
    label="the account",
    named_by="account",
)
ADDRESSES = StoredSecrets(
    model=WebhookEndpoint,
    columns=("token",),
    name="webhooks",
    title="webhooks",
    label="the webhook of",
    named_by="connection__account",
)
# The key in `Authenticator.data` under which allauth keeps a second factor's secret, by type of authenticator.
MFA_ENTRIES = {
    Authenticator.Type.TOTP: "secret",
    Authenticator.Type.RECOVERY_CODES: "seed",
}


class Command(BaseCommand):
    help = (
        "Re-encrypt Offorte's tokens and the secrets of webhooks, other systems and second factors with the first key "
        "of PORTAL_ENCRYPTION_KEYS. Put a new key in front of the list, run this, then remove the old ones."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            cipher()
        except ImproperlyConfigured as error:
            raise CommandError(f"{error} Run `python manage.py generate_key` for a key.") from None
        unreadable: list[str] = []
        kinds = (ACCOUNTS, ADDRESSES, *ROOMS)
        numbers: dict[str, Any] = {
            kind.name: sum(_rotated(partial(rotate_row, kind), pk, unreadable) for pk in _keys(kind.model))
            for kind in kinds
        }
        sealed = Operation.objects.filter(target=WEBHOOKS.name).values_list("pk", "sealed")
        operations = sum(_rotated(rotate_operation, pk, unreadable) for pk, secret in sealed if secret)
        factors = sum(_rotated(rotate_authenticator, pk, unreadable) for pk in _keys(Authenticator))
        accounts, *others = [f"{numbers[kind.name]} {kind.title}" for kind in kinds]
        counts = [accounts, f"{factors} second factors", *others, f"{operations} unsent addresses"]
        self.stdout.write(f"Encrypted with the newest key: {', '.join(counts)}.")
        security_log.record(
            security_log.Kind.KEYS_ROTATED,
            via="rotate_keys",
            second_factors=factors,
            unreadable=len(unreadable),
            **numbers,
        )
        if unreadable:
            raise CommandError(f"No key can decrypt {', '.join(unreadable)}. Keep the old keys until this is resolved.")


def rotate_row(kind: StoredSecrets, pk: int) -> str:
    """Encrypt the secrets of one row with the newest key; return the row's description where no key fits, else ""."""
    with transaction.atomic():
        row = kind.model._default_manager.select_for_update().filter(pk=pk)
        stored = row.values(kind.named_by, *kind.columns).get()
        try:
            # Plain text: the field encrypts what is written.
            row.update(**{name: _decrypt(stored[name]) for name in kind.columns if stored[name]})
        except InvalidToken:
            return f"{kind.label} {stored[kind.named_by]}"
    return ""


def rotate_operation(pk: int) -> str:
    """Encrypt the secret values of one operation with the newest key.

    Returns the operation's description where no key fits, else "".
    """
    with transaction.atomic():
        row = Operation.objects.select_for_update().filter(pk=pk)
        try:
            row.update(sealed=_decrypt(row.values_list("sealed", flat=True).get()))
        except InvalidToken:
            return f"the change of a webhook #{pk}"
    return ""


def rotate_authenticator(pk: int) -> str:
    """Encrypt one second factor with the newest key; return a description with its user where no key fits, else ""."""
    with transaction.atomic():
        factor = Authenticator.objects.select_for_update().select_related("user").get(pk=pk)
        entry = MFA_ENTRIES.get(factor.type, "")
        try:
            if factor.data.get(entry):
                factor.data[entry] = cipher().rotate(factor.data[entry].encode()).decode()
                factor.save(update_fields=["data"])
        except InvalidToken:
            return f"the second factor of {factor.user}"
    return ""


def _decrypt(ciphertext: str) -> str:
    return cipher().decrypt(ciphertext.encode()).decode()


def _keys(model: Any) -> list[int]:
    return list(model.objects.order_by("pk").values_list("pk", flat=True))


def _rotated(rotate: Any, pk: int, unreadable: list[str]) -> bool:
    problem = rotate(pk)
    if problem:
        unreadable.append(problem)
    return not problem
