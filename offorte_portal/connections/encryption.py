"""A text column encrypted at rest with the keys of PORTAL_ENCRYPTION_KEYS."""

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
    """Return the cipher of the configured keys: it encrypts with the first and decrypts with any.

    Raises ImproperlyConfigured if there is no key or one is not a Fernet key.
    """
    keys = tuple(settings.PORTAL_ENCRYPTION_KEYS)
    if not keys:
        raise ImproperlyConfigured("PORTAL_ENCRYPTION_KEYS is empty.")
    try:
        return _cipher(keys)
    except ValueError as error:
        raise ImproperlyConfigured("PORTAL_ENCRYPTION_KEYS contains something that is not a Fernet key.") from error


class _Ciphertext(str):
    """Text from the database that is not decrypted yet."""

    __slots__ = ()


class _DecryptedOnAccess(DeferredAttribute):
    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        return cipher().decrypt(value.encode()).decode() if isinstance(value, _Ciphertext) else value

    def __set__(self, instance: Any, value: Any) -> None:
        # Python calls __get__ before it looks in the instance's dictionary only if there is a __set__ too.
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField[str, str]):
    """Text in Python, Fernet ciphertext in the database.

    A row can be loaded and listed without any key. Reading the attribute decrypts it, and raises InvalidToken if no key
    fits, ImproperlyConfigured if there is none. `values()` returns the ciphertext.
    """

    descriptor_class = _DecryptedOnAccess

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt the value; an empty string stays empty, so that a missing value shows without a key."""
        value = super().get_prep_value(value)
        return cipher().encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Keep the ciphertext until the attribute is read."""
        return _Ciphertext(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Raise FieldError for all lookups except isnull: equal texts have different ciphertexts."""
        if lookup_name != "isnull":
            raise FieldError(f"Encrypted field {self.name} can't be compared ({lookup_name}).")
        return super().get_lookup(lookup_name)


def can_decrypt(instance: models.Model, *names: str) -> bool:
    """Return whether the configured keys fit these encrypted fields of a row."""
    try:
        for name in names:
            getattr(instance, name)
    except (InvalidToken, ImproperlyConfigured):
        return False
    return True


def has_keys() -> bool:
    """Return whether there are valid keys to encrypt with."""
    try:
        cipher()
    except ImproperlyConfigured:
        return False
    return True
