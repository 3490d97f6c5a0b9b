"""Imported quotes without an import, for tests of what becomes of them."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from offorte_portal.other_systems.models import ImportedQuote, Source

_numbers = count(1)


def make_source(system: str = "cirrus", **fields: Any) -> Source:
    """A connection to another system that nobody can reach."""
    defaults = {"label": system.title(), "base_url": "http://127.0.0.1:9", "secret": "not-a-secret"}
    return Source.objects.create(system=system, **(defaults | fields))


def make_quote(source: Source, **fields: Any) -> ImportedQuote:
    """A quote as an import leaves it, begun today."""
    number = next(_numbers)
    defaults = {
        "external_id": f"q{number}",
        "title": f"Quote {number}",
        "status": "open",
        "currency": "SEK",
        "total": Decimal(100),
        "begun_on": timezone.localdate(),
        "mapped_from": "x",
    }
    return ImportedQuote.objects.create(source=source, **(defaults | fields))


def days_ago(days: int) -> date:
    """A day so many days back."""
    return timezone.localdate() - timedelta(days=days)
