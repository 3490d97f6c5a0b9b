"""A selection of quotes, kept in the session while the Offorte account that they can be copied to is connected."""

from collections.abc import Collection

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import ngettext

from offorte_portal.connections.models import Connection

_KEY = "quotes_to_copy"


def keep(request: HttpRequest, pks: Collection[int]) -> None:
    """Keep the ids of the quotes, in place of an earlier selection."""
    request.session[_KEY] = list(pks)


def find(request: HttpRequest) -> list[int]:
    """Return the ids of the quotes that were kept; [] for none."""
    return list(request.session.get(_KEY, []))


def take(request: HttpRequest) -> list[int]:
    """Return the ids of the quotes that were kept, and keep them no longer."""
    return list(request.session.pop(_KEY, []))


def remind(connection: Connection, request: HttpRequest) -> None:
    """Say where the selection is after an account was connected."""
    count = len(find(request))
    if count:
        text = ngettext(
            "%(count)d quote is still selected. Go to Imported quotes to copy it after the first sync.",
            "%(count)d quotes are still selected. Go to Imported quotes to copy them after the first sync.",
            count,
        )
        messages.info(request, text % {"count": count})
