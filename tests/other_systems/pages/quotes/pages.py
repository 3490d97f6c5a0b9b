"""The pages of imported quotes: where they are, what they tell, and a quote to open."""

from typing import Any

from django.test import Client

from offorte_portal.other_systems.models import ImportedQuote, Source

QUOTES = "/other_systems/importedquote/"
MATCHES = "/other_systems/partymatch/"
COPY = "/quotes/recreate/"


def first(source: Source) -> ImportedQuote:
    quote = source.quotes.order_by("pk").first()
    assert quote is not None
    return quote


def told(client: Client, url: str, **given: Any) -> str:
    response = client.get(url, given, follow=True)
    assert response.status_code == 200
    return response.content.decode()
