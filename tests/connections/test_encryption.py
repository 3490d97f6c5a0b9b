"""Secrets are ciphertext in the database and nothing else anywhere."""

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection as database
from pytest_django import Settings

from offorte_portal.connections.models import Connection

pytestmark = pytest.mark.django_db


def stored(pk: int) -> str:
    with database.cursor() as cursor:
        cursor.execute("SELECT client_secret FROM connections_connection WHERE id = %s", [pk])
        return str(cursor.fetchone()[0])


def make() -> Connection:
    return Connection.objects.create(account="bouw", client_id="id", client_secret="hush")


def test_the_database_holds_ciphertext_and_python_the_text() -> None:
    pk = make().pk
    assert "hush" not in stored(pk)
    assert Connection.objects.get(pk=pk).client_secret == "hush"


def test_an_empty_secret_stays_empty() -> None:
    assert Connection.objects.get(pk=make().pk).access_token == ""


def test_an_older_key_still_reads_and_the_newest_writes(settings: Settings) -> None:
    pk = make().pk
    old = settings.PORTAL_ENCRYPTION_KEYS
    settings.PORTAL_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *old]
    row = Connection.objects.get(pk=pk)
    assert row.client_secret == "hush"
    row.save()
    settings.PORTAL_ENCRYPTION_KEYS = settings.PORTAL_ENCRYPTION_KEYS[:1]
    assert Connection.objects.get(pk=pk).client_secret == "hush"


def test_a_wrong_key_raises_only_where_the_secret_is_needed(settings: Settings) -> None:
    pk = make().pk
    settings.PORTAL_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    row = Connection.objects.get(pk=pk)
    assert str(row) == "bouw"
    with pytest.raises(InvalidToken):
        _ = row.client_secret


def test_a_deferred_secret_is_fetched_when_needed() -> None:
    make()
    assert Connection.objects.only("account").get().client_secret == "hush"


@pytest.mark.parametrize("keys", [[], ["not-a-key"]])
def test_missing_or_wrong_keys_are_a_misconfiguration(settings: Settings, keys: list[str]) -> None:
    settings.PORTAL_ENCRYPTION_KEYS = keys
    with pytest.raises(ImproperlyConfigured):
        make()


def test_secrets_cannot_be_searched() -> None:
    with pytest.raises(FieldError):
        list(Connection.objects.filter(client_secret="hush"))
    assert not Connection.objects.filter(client_secret__isnull=True).exists()
