"""All that an import has made of a source, in a form that two imports can be compared by."""

from typing import Any

from offorte_portal.other_systems.models import ImportedQuote, Source

LEFT_OUT = {"id", "source", "read_at", "seen_by", "wanted_by", "company", "people", "created_with", "search_text"}


def dump_quotes(source: Source) -> dict[str, dict[str, Any]]:
    """Quotes by their ids: columns, rows, customer, people."""
    quotes = ImportedQuote.objects.filter(source=source).select_related("company").prefetch_related("rows", "people")
    return {quote.external_id: dump_quote(quote) for quote in quotes}


def dump_quote(quote: ImportedQuote) -> dict[str, Any]:
    """One of them."""
    names = [field.name for field in quote._meta.concrete_fields if field.name not in LEFT_OUT]
    rows = [(row.description, row.quantity, row.price, row.total, row.vat, row.unit) for row in quote.rows.all()]
    company = quote.company
    return {name: getattr(quote, name) for name in names} | {
        "rows": rows,
        "company": company and (company.key, company.name, company.details),
        "people": sorted((person.key, person.name) for person in quote.people.all()),
    }


def dump_records(source: Source) -> dict[tuple[str, str], str]:
    """What was read besides."""
    return {(record.kind, record.external_id): record.raw for record in source.records.all()}
