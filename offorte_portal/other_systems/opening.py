"""Opens readers and mappers for the stored connections to other systems, and fetches documents with one."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from offorte_portal import ports
from offorte_portal.other_systems.models import ImportedQuote, Source
from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.other_systems.systems import answers, registry
from offorte_portal.other_systems.systems.answers import Clean, Raw
from offorte_portal.other_systems.systems.errors import Missing, Refused, SourceError
from offorte_portal.other_systems.systems.http import Credentials, File, Http
from offorte_portal.other_systems.systems.interface import Mapper, Reader, System

# A token that expires within this time is not used any more.
MARGIN = timedelta(minutes=1)
# Seconds that all requests for one page of the portal may take together.
PAGE_SECONDS = 90.0


def system_of(source: Source) -> System:
    """Return the system of a connection. Raises SourceError where the portal no longer knows it."""
    try:
        return registry.find(source.system)
    except LookupError:
        raise SourceError(SourceReason.UNKNOWN_SYSTEM) from None


def is_enabled(system: System) -> bool:
    """Return whether the portal reads this system: a beta has to be enabled by PORTAL_BETA_SYSTEMS."""
    return settings.PORTAL_BETA_SYSTEMS or not system.is_beta


def read_notice(system: System) -> str:
    """Return what people have to know before they connect or use this system, in their language; "" for nothing."""
    return system.notice(timezone.localdate(ports.now()))


def disabled_names() -> list[str]:
    """Return the names of the systems that are not enabled."""
    return [name for name, system in registry.SYSTEMS.items() if not is_enabled(system)]


def options_of(source: Source) -> dict[str, Any]:
    """Return all settings of a connection, with defaults for those that are empty."""
    return system_of(source).complete(source.options)


def mapper_of(source: Source) -> Mapper:
    """Return the mapper of a connection's system, with the connection's settings."""
    return system_of(source).mapper(options_of(source))


@contextmanager
def open_reader(source: Source, *, seconds: float = PAGE_SECONDS) -> Iterator[Reader]:
    """Yield a reader of the system whose requests take at most `seconds` together; close it at the end.

    Raises SourceError where the secret or the address can't be used, or the system is switched off.
    """
    system, options = system_of(source), options_of(source)
    if not is_enabled(system):
        raise SourceError(SourceReason.SWITCHED_OFF)
    access = system.authenticate(options, _credentials(source))
    http = Http(source.base_url, access, requests_per_second=source.requests_per_second, seconds=seconds)
    try:
        yield system.reader(http, options)
    finally:
        http.close()


def _credentials(source: Source) -> Credentials:
    def keep(new: str, seconds: float | None) -> None:
        source.token = new
        source.token_expires_at = None if seconds is None else ports.now() + timedelta(seconds=seconds)
        source.save(update_fields=["token", "token_expires_at"])

    try:
        secret, token = source.secret, source.token
    except (InvalidToken, ImproperlyConfigured):
        raise Refused(SourceReason.SECRET_UNREADABLE) from None
    if source.token_expires_at and source.token_expires_at < ports.now() + MARGIN:
        token = ""
    return Credentials(secret, token, keep)


def clean(source: Source, raws: Iterable[Raw]) -> Iterator[Clean | None]:
    """Yield answers as they are stored, without secrets; None for one that can't be."""
    secrets, names = tuple(filter(None, (source.secret, source.token))), system_of(source).secret_names
    for raw in raws:
        try:
            yield answers.clean(raw, secrets, names)
        except ValueError:
            yield None


def fetch_document(quote: ImportedQuote, place: int) -> tuple[str, File]:
    """Return the name and content of the quote's document at this place, counted from 0. Raises SourceError.

    Documents are downloaded when a person asks for one; their addresses are never shown.
    """
    if not 0 <= place < len(quote.documents):
        raise Missing
    document = quote.documents[place]
    with open_reader(quote.source) as reader:
        return str(document["name"]), reader.download(str(document["key"]))
