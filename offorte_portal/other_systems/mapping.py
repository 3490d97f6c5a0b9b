"""Fills columns from stored answers. Makes no requests, so that it can be repeated when a setting changes."""

from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from offorte_portal.other_systems.models import ImportedQuote, PartyMatch, QuoteRow, Source, SourceRecord
from offorte_portal.other_systems.opening import mapper_of, options_of, system_of
from offorte_portal.other_systems.systems import answers
from offorte_portal.other_systems.systems.answers import Raw, fingerprint
from offorte_portal.other_systems.systems.interface import RecordKey
from offorte_portal.other_systems.systems.notes import is_blocking
from offorte_portal.other_systems.systems.quote import Company, Person, Quote, Row
from offorte_portal.other_systems.systems.reading import stored

BATCH = 100
LONGEST_KEY = 120
DECIDED = (ImportedQuote.Status.WON, ImportedQuote.Status.LOST, ImportedQuote.Status.CLOSED)
_AS_IS = (
    "number", "title", "status_text", "owner_name", "owner_email", "total_vat", "quoted_on", "valid_until", "sent_at",
    "accepted_at", "reference", "introduction", "internal_note",
)  # fmt: skip
_COLUMNS = (
    *_AS_IS, "status", "total", "currency", "company_name", "company", "remote_created_at", "remote_updated_at",
    "begun_on", "decided_on", "documents", "notes", "has_blocking_notes", "search_text", "mapped_from",
)  # fmt: skip


class PartyBook:
    """The customers and people in a source's quotes: one row each, even if several quotes name them.

    Each is looked up once; missing ones are added and changed ones updated.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._known: dict[tuple[str, str], PartyMatch] = {}

    def company(self, company: Company | None) -> PartyMatch | None:
        """Return the row of a customer; None where it has neither an id nor a name."""
        if company is None or not (key := company.external_id or company.name.lower()):
            return None
        return self._find(PartyMatch.Kind.COMPANY, key, company.name, asdict(company), None)

    def person(self, person: Person, company: PartyMatch | None) -> PartyMatch | None:
        """Return the row of a person, by id, else by e-mail address, else by name within the company; else None."""
        place = company.key if company else ""
        key = person.external_id or person.email.lower() or (f"{place}:{person.name.lower()}" if person.name else "")
        if not key:
            return None
        return self._find(PartyMatch.Kind.PERSON, key, person.name or person.email, asdict(person), company)

    def _find(
        self, kind: PartyMatch.Kind, key: str, name: str, details: dict[str, str], company: PartyMatch | None
    ) -> PartyMatch:
        place = (kind.value, key[:LONGEST_KEY])
        if place not in self._known:
            fresh = {"name": name, "details": details, "company": company}
            row, is_new = PartyMatch.objects.get_or_create(source=self._source, kind=kind, key=place[1], defaults=fresh)
            if not is_new and (row.name, row.details, row.company_id) != (name, details, company and company.pk):
                row.name, row.details, row.company = name, details, company
                row.save(update_fields=["name", "details", "company"])
            self._known[place] = row
        return self._known[place]


def remap(source: Source) -> int:
    """Map a source's quotes again where settings have changed; return the number of all its quotes."""
    last, before = 0, ImportedQuote.objects.filter(source=source).count()
    while True:
        with transaction.atomic():
            following = map_after(source, last, BATCH)
        if following is None:
            return before
        last = following


def map_after(source: Source, last: int, limit: int) -> int | None:
    """Map the next `limit` quotes with a key above `last`, where something has changed.

    Returns the key of the last one, or None where there are no more. Must be called in a transaction.
    """
    rows = ImportedQuote.objects.select_for_update().filter(source=source, pk__gt=last).order_by("pk")
    quotes = list(rows[:limit])
    if not quotes:
        return None
    raws = {quote.pk: parse(quote.raw) for quote in quotes if quote.raw}
    mapper, book = mapper_of(source), PartyBook(source)
    keys = {pk: [reference.key for reference in mapper.references(raw)] for pk, raw in raws.items()}
    external_ids = {key.external_id for needed in keys.values() for key in needed}
    found = SourceRecord.objects.filter(source=source, external_id__in=external_ids).exclude(raw="")
    known = {RecordKey(record.kind, record.external_id): record for record in found}
    # Part of each quote's fingerprint: a new version or setting makes every quote be mapped again.
    base = fingerprint([system_of(source).version, options_of(source)])
    for quote in quotes:
        if quote.pk not in raws:
            continue
        records = {key: known[key] for key in keys[quote.pk] if key in known}
        digest = fingerprint([base, quote.raw_hash, sorted(record.raw_hash for record in records.values())])
        if quote.mapped_from != digest:
            quote.mapped_from = digest
            made = mapper.map(raws[quote.pk], {key: parse(record.raw) for key, record in records.items()})
            fill(quote, made, book)
    return quotes[-1].pk


def parse(text: str) -> Raw:
    """Return a stored answer as a dictionary; {} where it is no JSON object."""
    data = answers.parse(text)
    return data if isinstance(data, dict) else {}


def fill(quote: ImportedQuote, made: Quote, book: PartyBook) -> None:
    """Write a mapped quote to its row, with its lines, customer and people."""
    for name in _AS_IS:
        setattr(quote, name, getattr(made, name))
    quote.status, quote.currency = made.status.value, made.currency[:10]
    quote.total, quote.total_vat = stored(made.total), stored(made.total_vat)
    quote.remote_created_at, quote.remote_updated_at = made.created_at, made.updated_at
    quote.begun_on, quote.decided_on = find_days(quote)
    quote.company_name = made.company.name if made.company else ""
    quote.company = book.company(made.company)
    quote.documents = [asdict(document) for document in made.documents]
    quote.notes = [asdict(note) for note in made.notes]
    quote.has_blocking_notes = any(is_blocking(note.code) for note in made.notes)
    words = (getattr(quote, name) for name in ImportedQuote.SUMMARY)
    emails = (person.email for person in made.people)
    quote.search_text = "\n".join(filter(None, [*words, quote.reference, *emails])).lower()
    quote.save(update_fields=_COLUMNS)
    people = (book.person(person, quote.company) for person in made.people)
    quote.people.set([match for match in people if match is not None])
    quote.rows.all().delete()
    QuoteRow.objects.bulk_create(_row(quote, place, row) for place, row in enumerate(made.rows, 1))


def find_days(quote: ImportedQuote) -> tuple[date | None, date | None]:
    """Return the days on which the quote was begun and decided, each None where it is not known.

    The day of a decision is that of the last change, except for a won quote with a day of acceptance.
    """
    begun = quote.quoted_on or _day(quote.remote_created_at or quote.sent_at)
    if quote.status not in DECIDED:
        return begun, None
    accepted = quote.accepted_at if quote.status == ImportedQuote.Status.WON else None
    return begun, _day(accepted or quote.remote_updated_at)


def _day(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment else None


def _row(quote: ImportedQuote, place: int, row: Row) -> QuoteRow:
    return QuoteRow(
        quote=quote,
        position=place,
        description=row.description,
        article=row.article,
        group=row.group,
        unit=row.unit,
        quantity=stored(row.quantity) or 0,
        price=stored(row.price),
        total=stored(row.total),
        vat=stored(row.vat) if row.vat is not None and abs(row.vat) < 1000 else None,
    )
