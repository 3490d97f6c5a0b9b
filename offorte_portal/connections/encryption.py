"""A text column that is encrypted at rest with the keys of PORTAL_ENCRYPTION_KEYS."""

from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.db.models.query_utils import DeferredAttribute


@cache
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def cipher() -> MultiFernet:
    """The cipher of the configured keys: encrypts with the first, decrypts with any.

    Raises ImproperlyConfigured when there is no key or one is not a Fernet key.
    """
    keys = tuple(settings.PORTAL_ENCRYPTION_KEYS)
    if not keys:
        raise ImproperlyConfigured("PORTAL_ENCRYPTION_KEYS is empty.")
    try:
        return _cipher(keys)
    except ValueError as error:
        raise ImproperlyConfigured("PORTAL_ENCRYPTION_KEYS holds something that is not a Fernet key.") from error


class _Ciphertext(str):
    """Text as the database holds it, not decrypted yet."""

    __slots__ = ()


class _DecryptedOnAccess(DeferredAttribute):
    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        return cipher().decrypt(value.encode()).decode() if isinstance(value, _Ciphertext) else value

    def __set__(self, instance: Any, value: Any) -> None:
        # Python asks __get__ before the instance's own dictionary only where there is a __set__ too.
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField[str, str]):
    """Text in Python, Fernet ciphertext in the database.

    A row can be read and listed without any key; looking at the attribute decrypts, and raises InvalidToken when no
    key fits, ImproperlyConfigured when there is none. `values()` gives the ciphertext.
    """

    descriptor_class = _DecryptedOnAccess

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt; the empty string stays empty, so that "has none" can be seen without a key."""
        value = super().get_prep_value(value)
        return cipher().encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Keep what the database holds until somebody looks at it."""
        return _Ciphertext(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Refuse every comparison but isnull: the same text never encrypts to the same value twice."""
        if lookup_name != "isnull":
            raise FieldError(f"Encrypted field {self.name} can't be compared ({lookup_name}).")
        return super().get_lookup(lookup_name)


def can_decrypt(instance: models.Model, *names: str) -> bool:
    """Whether the configured keys fit these encrypted fields of a row."""
    try:
        for name in names:
            getattr(instance, name)
    except (InvalidToken, ImproperlyConfigured):
        return False
    return True


def has_keys() -> bool:
    """Whether there is a key to encrypt with."""
    try:
        cipher()
    except ImproperlyConfigured:
        return False
    return True
