"""Fills columns from stored answers. Makes no requests, so that it can be repeated when a setting changes."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from offorte_portal.mirror.search_parts import Place, SearchPart, addresses, named, write_search_text
from offorte_portal.other_systems.models import ImportedQuote, PartyMatch, QuoteImport, QuoteRow, Source
from offorte_portal.other_systems.opening import mapper_of, options_of, system_of
from offorte_portal.other_systems.parties import find_parties
from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.other_systems.records import RecordBook, parse
from offorte_portal.other_systems.systems.answers import Raw, fingerprint
from offorte_portal.other_systems.systems.interface import Mapper, Records
from offorte_portal.other_systems.systems.notes import Note, is_blocking
from offorte_portal.other_systems.systems.quote import Quote, Row, Status
from offorte_portal.other_systems.systems.reading import stored
from offorte_portal.text.reason import Reason

logger = logging.getLogger(__name__)

BATCH = 100
DECIDED = (ImportedQuote.Status.WON, ImportedQuote.Status.LOST, ImportedQuote.Status.CLOSED)
_AS_IS = (
    "number", "title", "status_text", "owner_name", "owner_email", "quoted_on", "valid_until", "sent_at",
    "accepted_at", "order_number", "ordered_on", "lost_reason", "reference", "introduction", "internal_note",
)  # fmt: skip
# What mapping fills in.
COLUMNS = (
    *_AS_IS, "status", "total", "total_vat", "currency", "company_name", "company", "remote_created_at",
    "remote_updated_at", "begun_on", "decided_on", "documents", "notes", "has_blocking_notes", "search_text",
    "title_key", "mapped_from",
)  # fmt: skip
_ROW_COLUMNS = ("position", "description", "article", "group", "unit", "quantity", "price", "total", "vat")


@dataclass(frozen=True, slots=True)
class Answered:
    """A quote, which may not be stored yet, and the answer that it is mapped from."""

    quote: ImportedQuote
    raw: Raw


def remap(source: Source) -> int:
    """Map a source's quotes again where settings have changed; return the number of all its quotes."""
    unmap_outdated(source)
    mapper = mapper_of(source)
    while True:
        with transaction.atomic():
            if not map_unmapped(source, mapper):
                return ImportedQuote.objects.filter(source=source).count()


def unmap_outdated(source: Source) -> None:
    """Let the quotes be mapped again that other settings or another version have mapped."""
    quotes = ImportedQuote.objects.filter(source=source).exclude(raw="")
    quotes.exclude(mapped_from__in=["", base_of(source)]).update(mapped_from="")


def base_of(source: Source) -> str:
    """Return the fingerprint of what mapping depends on besides the answers."""
    return fingerprint([system_of(source).version, options_of(source)])


def map_unmapped(source: Source, mapper: Mapper, run: QuoteImport | None = None) -> bool:
    """Map the next BATCH quotes that have to be mapped; return False where there are none.

    With a run, the records that they need are marked to be read by it. Must be called in a transaction.
    """
    rows = ImportedQuote.objects.select_for_update().filter(source=source, mapped_from="").exclude(raw="")
    quotes = list(rows.order_by("pk")[:BATCH])
    map_quotes(source, mapper, [Answered(quote, parse(quote.raw)) for quote in quotes], run)
    return bool(quotes)


def map_quotes(
    source: Source,
    mapper: Mapper,
    answered: Sequence[Answered],
    run: QuoteImport | None = None,
    columns: Sequence[str] = (),
) -> None:
    """Map quotes and store them with their lines, customers and people, all of them at once; add those that are new.

    `columns` are stored besides those that mapping fills.
    """
    if not answered:
        return
    base = base_of(source)
    book = RecordBook(source, mapper, run)
    needed = book.find([one.raw for one in answered])
    made = [map_one(mapper, one, book.records) for one in answered]
    parties = find_parties(source, made)
    quotes = [one.quote for one in answered]
    for quote, meaning, (company, _) in zip(quotes, made, parties, strict=True):
        fill(quote, meaning, company)
        quote.mapped_from = base
    known = {quote.pk for quote in quotes if quote.pk}
    _save(quotes, [*COLUMNS, *columns])
    _link(ImportedQuote.people.through, "partymatch_id", quotes, [people for _, people in parties], known)
    _link(ImportedQuote.records.through, "sourcerecord_id", quotes, needed, known)
    _save_rows([_row(quote, place, row) for quote, one in zip(quotes, made, strict=True)
                for place, row in enumerate(one.rows, 1)], known)  # fmt: skip


def map_one(mapper: Mapper, answered: Answered, records: Records) -> Quote:
    """Return what an answer means. What no mapper foresaw costs this quote alone: it is noted there and in the log."""
    quote = answered.quote
    try:
        made = mapper.map(answered.raw, records)
    except Exception:  # a mapper never raises for what it foresaw
        logger.exception("Quote %s of source %s could not be mapped", quote.external_id, quote.source_id)
        made = _unmapped(quote, SourceReason.ODD_ANSWER())
    if quote.problem:
        made = replace(made, notes=(Note("quote_unread", {"reason": quote.problem}), *made.notes))
    return made


def _unmapped(quote: ImportedQuote, reason: Reason) -> Quote:
    note = Note("quote_odd", {"reason": reason})
    return Quote(
        external_id=quote.external_id,
        number=quote.number or quote.external_id,
        title=quote.title,
        status=Status(quote.status or Status.OPEN),
        notes=(note,),
    )


def fill(quote: ImportedQuote, made: Quote, company: PartyMatch | None) -> None:
    """Put what an answer means into the columns of its quote."""
    for name in _AS_IS:
        setattr(quote, name, getattr(made, name))
    quote.status, quote.currency = made.status.value, made.currency[:10]
    quote.total, quote.total_vat = stored(made.total), stored(made.total_vat)
    quote.remote_created_at, quote.remote_updated_at = made.created_at, made.updated_at
    quote.begun_on, quote.decided_on = find_days(quote)
    quote.company_name = made.company.name if made.company else ""
    quote.company = company
    quote.documents = [asdict(document) for document in made.documents]
    quote.notes = [asdict(note) for note in made.notes]
    quote.has_blocking_notes = any(is_blocking(note.code) for note in made.notes)
    quote.search_text = write_search_text(find_parts(quote, [person.email for person in made.people]))


def find_parts(quote: ImportedQuote, emails: Iterable[str]) -> list[SearchPart]:
    """Return what a quote is found by."""
    return [
        *named(Place.NAME, quote.title, quote.company_name),
        *named(Place.NUMBER, quote.number, quote.reference),
        *named(Place.PERSON, quote.owner_name),
        *addresses(*emails),
    ]


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
        quantity=stored(row.quantity) or Decimal(0),
        price=stored(row.price),
        total=stored(row.total),
        vat=stored(row.vat) if row.vat is not None and abs(row.vat) < 1000 else None,
    )


def _save(quotes: Sequence[ImportedQuote], columns: Sequence[str]) -> None:
    known, new = ([quote for quote in quotes if bool(quote.pk) is is_known] for is_known in (True, False))
    # An INSERT that updates instead is far quicker than as many cases in an UPDATE.
    ImportedQuote.objects.bulk_create(known, update_conflicts=True, unique_fields=["id"], update_fields=columns)
    ImportedQuote.objects.bulk_create(new)


def _link(
    through: Any,
    column: str,
    quotes: Sequence[ImportedQuote],
    others: Sequence[Iterable[models.Model]],
    known: set[int],
) -> None:
    """Let quotes be linked with these rows, and no others; `known` are the quotes that may have links already."""
    wanted = {(quote.pk, other.pk) for quote, some in zip(quotes, others, strict=True) for other in some}
    there = {(quote, other): pk for pk, quote, other in through.objects.filter(importedquote__in=known).values_list(
        "pk", "importedquote_id", column)}  # fmt: skip
    if gone := [pk for pair, pk in there.items() if pair not in wanted]:
        through.objects.filter(pk__in=gone).delete()
    through.objects.bulk_create(
        through(**{"importedquote_id": quote, column: other}) for quote, other in sorted(wanted - there.keys())
    )


def _save_rows(rows: Sequence[QuoteRow], known: set[int]) -> None:
    """Store the lines of quotes in place of those that `known` quotes have; lines that are as they were stay."""
    fresh: dict[int, list[QuoteRow]] = {pk: [] for pk in known}
    for row in rows:
        fresh.setdefault(row.quote_id, []).append(row)
    stale: dict[int, list[QuoteRow]] = {pk: [] for pk in known}
    for row in QuoteRow.objects.filter(quote__in=known).order_by("quote_id", "position"):
        stale[row.quote_id].append(row)
    same = {pk for pk in known if [_values(row) for row in stale[pk]] == [_values(row) for row in fresh[pk]]}
    if changed := [pk for pk in known - same if stale[pk]]:
        QuoteRow.objects.filter(quote__in=changed).delete()
    QuoteRow.objects.bulk_create(row for pk, some in fresh.items() if pk not in same for row in some)


def _values(row: QuoteRow) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _ROW_COLUMNS)
