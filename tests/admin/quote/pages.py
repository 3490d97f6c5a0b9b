"""The pages of imported quotes: where they are, what they tell, and a quote to open."""

from typing import Any

from django.test import Client

from offorte_portal.models import ImportedQuote, Source

QUOTES = "/offorte_portal/importedquote/"
MATCHES = "/offorte_portal/partymatch/"
RECREATE = "/quotes/recreate/"


def first(source: Source) -> ImportedQuote:
    quote = source.quotes.order_by("pk").first()
    assert quote is not None
    return quote


def told(client: Client, url: str, **given: Any) -> str:
    response = client.get(url, given, follow=True)
    assert response.status_code == 200
    return response.content.decode()
