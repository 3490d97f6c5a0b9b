"""Every misconfiguration that the checks know is found, explained, and not found where there is none."""

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.checks import Tags, run_checks
from pytest_django import Settings

from offorte_portal.connections.models import Connection

PUBLIC = "https://portal.example.com"


def found(**options: Any) -> set[str]:
    tags = [Tags.security, Tags.urls, Tags.compatibility, Tags.caches, Tags.database]
    messages = [message for message in run_checks(tags=tags, **options) if str(message.id).startswith("portal.")]
    assert all(message.hint for message in messages)
    return {str(message.id) for message in messages}


@pytest.fixture(autouse=True)
def production(settings: Settings) -> None:
    settings.OFFORTE_API_URL = "https://connect.offorte.com/api/v1/{account}"
    settings.OFFORTE_OAUTH_URL = "https://{account}.offorte.com/oauth2"
    settings.PORTAL_URL = PUBLIC
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.CACHES = settings.CACHES | {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache"}}


def test_a_good_configuration_passes() -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"PORTAL_ENCRYPTION_KEYS": []}, "portal.E002"),
        ({"PORTAL_ENCRYPTION_KEYS": [], "DEBUG": True, "PORTAL_URL": "http://localhost:8000"}, "portal.W002"),
        ({"PORTAL_ENCRYPTION_KEYS": ["too-short"]}, "portal.E003"),
        ({"PORTAL_URL": "portal.example.com"}, "portal.E005"),
        ({"PORTAL_URL": "http://portal.example.com"}, "portal.W006"),
        ({"OFFORTE_API_URL": "https://connect.offorte.com/api/v1/bouw"}, "portal.E007"),
        ({"OFFORTE_OAUTH_URL": "http://{account}.offorte.com/oauth2"}, "portal.E008"),
        ({"OFFORTE_API_URL": "ftp://connect.offorte.com/{account}"}, "portal.E008"),
        ({"DEBUG": True}, "portal.W009"),
        ({"PORTAL_URL": "http://localhost:8000"}, "portal.W012"),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, "portal.W010"),
        (
            {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}},
            "portal.W011",
        ),
    ],
)
def test_a_misconfiguration_is_explained(settings: Settings, change: dict[str, Any], expected: str) -> None:
    for name, value in change.items():
        setattr(settings, name, value)
    assert found() == {expected}


def test_the_secret_key_that_everybody_knows_is_refused(settings: Settings) -> None:
    settings.SECRET_KEY = settings.INSECURE_SECRET_KEY
    assert found() == {"portal.E001"}


def test_plain_http_on_this_machine_is_fine(settings: Settings) -> None:
    settings.PORTAL_URL = "http://127.0.0.1:8000"
    settings.OFFORTE_API_URL = "http://127.0.0.1:9000/api/v1/{account}"
    settings.OFFORTE_OAUTH_URL = "http://localhost:9000/{account}/oauth2"
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert found() == set()


@pytest.mark.django_db
def test_keys_that_do_not_fit_what_is_stored_are_named(settings: Settings) -> None:
    Connection.objects.create(account="bouw", client_id="id", client_secret="hush")
    assert found(databases=["default"]) == set()
    settings.PORTAL_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert found(databases=["default"]) == {"portal.W004"}
    settings.PORTAL_ENCRYPTION_KEYS = []
    assert found(databases=["default"]) == {"portal.E002"}
