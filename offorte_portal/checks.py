"""System checks that explain what is misconfigured, and how to correct it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError

from offorte_portal.connections import secrets
from offorte_portal.connections.encryption import can_decrypt, has_keys
from offorte_portal.connections.models import Connection
from offorte_portal.connections.oauth.address import is_confidential, is_loopback

NEW_KEY = "Run `python manage.py generate_key` and put what it prints into {}."
Check = Callable[..., Iterable[CheckMessage]]


def _check(*tags: str) -> Callable[[Callable[[], Iterable[CheckMessage]]], Check]:
    """Return a decorator that registers a check of the whole project."""

    def decorate(find: Callable[[], Iterable[CheckMessage]]) -> Check:
        def run(app_configs: Sequence[AppConfig] | None = None, **_options: Any) -> list[CheckMessage]:
            return list(find())

        return register(run, *tags)

    return decorate


def _serious(message: str, *, hint: str, number: str) -> CheckMessage:
    """Return an error; in development only a warning."""
    if settings.DEBUG:
        return Warning(message, hint=hint, id=f"portal.W{number}")
    return Error(message, hint=hint, id=f"portal.E{number}")


@_check(Tags.security)
def check_secret_key() -> Iterable[CheckMessage]:
    """Check the key that signs sessions."""
    if not settings.DEBUG and settings.SECRET_KEY == settings.INSECURE_SECRET_KEY:
        yield Error(
            "DJANGO_SECRET_KEY is not set: anyone who knows the public default key can sign in.",
            hint=NEW_KEY.format("DJANGO_SECRET_KEY"),
            id="portal.E001",
        )


@_check(Tags.security)
def check_encryption_keys() -> Iterable[CheckMessage]:
    """Check the keys that encrypt Offorte's tokens."""
    if not settings.PORTAL_ENCRYPTION_KEYS:
        message = "PORTAL_ENCRYPTION_KEYS is not set: no Offorte account can be connected."
        hint = (
            NEW_KEY.format("PORTAL_ENCRYPTION_KEYS") + " Keep a copy: without it, every account has to be reconnected."
        )
        yield _serious(message, hint=hint, number="002")
    elif not has_keys():
        yield Error(
            "PORTAL_ENCRYPTION_KEYS contains something that is not a key: each is 44 characters, separated by commas.",
            hint=NEW_KEY.format("PORTAL_ENCRYPTION_KEYS"),
            id="portal.E003",
        )


@register(Tags.database)
def check_stored_secrets(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Check that the keys decrypt what is stored; runs with `check --database default` and with `migrate`."""
    if not databases or not has_keys():
        return []
    try:
        names = [connection.account for connection in Connection.objects.all() if not _is_readable(connection)]
        for kind in secrets.ROOMS:
            rows = kind.model._default_manager.all()
            names += [getattr(row, kind.named_by) for row in rows if not can_decrypt(row, *kind.columns)]
    except DatabaseError:  # before the first migration
        return []
    hint = (
        "Put the key that encrypted them back into the list, after the new one, and run "
        "`python manage.py rotate_keys`. If it is lost, enter each client secret again and reconnect."
    )
    message = f"No key in PORTAL_ENCRYPTION_KEYS decrypts the stored secrets of: {', '.join(names)}."
    return [Warning(message, hint=hint, id="portal.W004")] if names else []


def _is_readable(connection: Connection) -> bool:
    return can_decrypt(connection, "client_secret", "access_token", "refresh_token")


@_check(Tags.urls)
def check_portal_url() -> Iterable[CheckMessage]:
    """Check the URL where browsers and Offorte find the portal."""
    if not urlsplit(settings.PORTAL_URL).hostname:
        yield Error(
            f"PORTAL_URL is not an address: {settings.PORTAL_URL!r}.",
            hint="Set it to the address that people type into their browser, for example https://portal.example.com.",
            id="portal.E005",
        )
    elif not is_confidential(settings.PORTAL_URL):
        yield Warning(
            "PORTAL_URL is not https: passwords can be intercepted, and Offorte sends no webhooks there.",
            hint="Serve the portal over https and set PORTAL_URL to that address.",
            id="portal.W006",
        )


@_check(Tags.urls)
def check_webhook_address() -> Iterable[CheckMessage]:
    """Check that Offorte can post events to the portal."""
    is_reached = settings.PORTAL_URL.startswith("https://") or is_loopback(settings.OFFORTE_API_URL)
    if not settings.DEBUG and not is_reached and is_confidential(settings.PORTAL_URL):
        yield Warning(
            "PORTAL_URL points to this machine: Offorte can't send events, so changes only arrive with syncs.",
            hint="Serve the portal over https and set PORTAL_URL to that address. Webhooks then register themselves.",
            id="portal.W012",
        )


@_check(Tags.urls)
def check_offorte_urls() -> Iterable[CheckMessage]:
    """Check the URLs that tokens and secrets are sent to."""
    for name in ("OFFORTE_API_URL", "OFFORTE_OAUTH_URL"):
        url = getattr(settings, name)
        if "{account}" not in url:
            yield Error(
                f"{name} has no {{account}} in it: all accounts would use the same address.",
                hint="Leave it unset for Offorte itself.",
                id="portal.E007",
            )
        if not is_confidential(url.replace("{account}", "account")):
            yield Error(
                f"{name} is not https: tokens and secrets could be intercepted.",
                hint="Plain http is for a simulator on this machine. Leave it unset for Offorte itself.",
                id="portal.E008",
            )


@_check(Tags.security)
def check_debug() -> Iterable[CheckMessage]:
    """Check that error pages with secrets are not public."""
    if settings.DEBUG and not is_loopback(settings.PORTAL_URL):
        yield Warning(
            "DJANGO_DEBUG is on for a portal that others can reach, and its error pages show secrets.",
            hint="Unset DJANGO_DEBUG.",
            id="portal.W009",
        )


@_check(Tags.compatibility)
def check_mail() -> Iterable[CheckMessage]:
    """Check that e-mails to reset a password can be sent."""
    if not is_loopback(settings.PORTAL_URL) and settings.EMAIL_BACKEND.endswith(("console.EmailBackend", "dummy")):
        yield Warning(
            "No e-mail can be sent: people who forget their password have to ask an administrator.",
            hint="Set EMAIL_URL, for example smtp+tls://user:password@mail.example.com:587.",
            id="portal.W010",
        )


@_check(Tags.caches)
def check_cache() -> Iterable[CheckMessage]:
    """Check that all processes count sign-in attempts together."""
    if settings.CACHES["default"]["BACKEND"].endswith((".LocMemCache", ".DummyCache")):
        yield Warning(
            "The cache is not shared between processes: each counts failed sign-ins separately.",
            hint="Leave the cache in the database, or set REDIS_URL.",
            id="portal.W011",
        )
