"""Encrypts everything that is stored encrypted with the newest key, so that older ones can be thrown away."""

from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from offorte_portal.mirror.account import WEBHOOKS
from offorte_portal.models import Connection, Operation, Source, WebhookEndpoint
from offorte_portal.models.encrypted import cipher
from offorte_portal.staff import security_log

COLUMNS = ("client_secret", "access_token", "refresh_token")
SOURCE_COLUMNS = ("secret", "token")
# Where allauth keeps the secrets of second factors: the entry of `data`, by type of authenticator.
MFA_ENTRIES = {
    Authenticator.Type.TOTP: "secret",
    Authenticator.Type.RECOVERY_CODES: "seed",
}


class Command(BaseCommand):
    help = (
        "Encrypt Offorte's tokens, the secrets of webhooks, other systems and second factors anew with the first key "
        "of PORTAL_ENCRYPTION_KEYS. Put a new key in front of the list, run this, then remove the old ones."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            cipher()
        except ImproperlyConfigured as error:
            raise CommandError(f"{error} Run `python manage.py generate_key` for a key.") from None
        unreadable: list[str] = []
        accounts = sum(_rotated(rotate_connection, pk, unreadable) for pk in _keys(Connection))
        addresses = sum(_rotated(rotate_endpoint, pk, unreadable) for pk in _keys(WebhookEndpoint))
        systems = sum(_rotated(rotate_source, pk, unreadable) for pk in _keys(Source))
        operations = sum(_rotated(rotate_operation, pk, unreadable) for pk in _sealed_operations())
        factors = sum(_rotated(rotate_authenticator, pk, unreadable) for pk in _keys(Authenticator))
        self.stdout.write(
            f"Encrypted with the newest key: {accounts} accounts, {factors} second factors, {addresses} webhooks, "
            f"{systems} other systems, {operations} unsent addresses."
        )
        security_log.record(
            security_log.Kind.KEYS_ROTATED,
            via="rotate_keys",
            accounts=accounts,
            second_factors=factors,
            webhooks=addresses,
            systems=systems,
            unreadable=len(unreadable),
        )
        if unreadable:
            raise CommandError(f"No key fits {', '.join(unreadable)}. Keep the old keys until that is solved.")


def rotate_connection(pk: int) -> str:
    """Encrypt one account's secrets anew; return its name where no key fits."""
    with transaction.atomic():
        row = Connection.objects.select_for_update().filter(pk=pk)
        stored = row.values("account", *COLUMNS).get()
        try:
            # As text: what is written goes through the field, which encrypts.
            row.update(**{name: _decrypt(stored[name]) for name in COLUMNS if stored[name]})
        except InvalidToken:
            return f"the account {stored['account']}"
    return ""


def rotate_endpoint(pk: int) -> str:
    """Encrypt the secret of one webhook's address anew; return whose it is where no key fits."""
    with transaction.atomic():
        row = WebhookEndpoint.objects.select_for_update().filter(pk=pk)
        stored = row.values("connection__account", "token").get()
        try:
            row.update(token=_decrypt(stored["token"]))
        except InvalidToken:
            return f"the webhook of {stored['connection__account']}"
    return ""


def rotate_operation(pk: int) -> str:
    """Encrypt the secret values of one operation's draft anew; return which it is where no key fits."""
    with transaction.atomic():
        row = Operation.objects.select_for_update().filter(pk=pk)
        try:
            row.update(sealed=_decrypt(row.values_list("sealed", flat=True).get()))
        except InvalidToken:
            return f"the change of a webhook #{pk}"
    return ""


def rotate_source(pk: int) -> str:
    """Encrypt the secrets of a connection to another system anew; return its label where no key fits."""
    with transaction.atomic():
        row = Source.objects.select_for_update().filter(pk=pk)
        stored = row.values("label", *SOURCE_COLUMNS).get()
        try:
            row.update(**{name: _decrypt(stored[name]) for name in SOURCE_COLUMNS if stored[name]})
        except InvalidToken:
            return f"the system {stored['label']}"
    return ""


def rotate_authenticator(pk: int) -> str:
    """Encrypt one second factor anew; return whose it is where no key fits."""
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


def _sealed_operations() -> list[int]:
    rows = Operation.objects.filter(target=WEBHOOKS.name).values_list("pk", "sealed")
    return [pk for pk, sealed in rows if sealed]


def _rotated(rotate: Any, pk: int, unreadable: list[str]) -> bool:
    problem = rotate(pk)
    if problem:
        unreadable.append(problem)
    return not problem
