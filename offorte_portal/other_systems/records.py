"""The records that quotes are mapped with, such as customers: which are needed, and which have to be read (again)."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from offorte_portal import ports
from offorte_portal.other_systems.models import ImportedQuote, QuoteImport, Source, SourceRecord
from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.other_systems.systems import answers
from offorte_portal.other_systems.systems.answers import Clean, Raw, storable
from offorte_portal.other_systems.systems.interface import Mapper, RecordKey, Reference
from offorte_portal.text.reason import Reason

LONGEST_KEY = 100
# How long a record is taken to be as it was, unless something says that it has changed.
FRESH = timedelta(days=7)
# How often records that were read may name further ones.
MOST_ROUNDS = 3


class RecordBook:
    """The records that some quotes need. Missing ones are added; with a run, those to be read are marked for it."""

    def __init__(self, source: Source, mapper: Mapper, run: QuoteImport | None) -> None:
        self._source, self._mapper, self._run = source, mapper, run
        self._rows: dict[RecordKey, SourceRecord] = {}
        # What mappers get: the answers, and why others are not there.
        self.records: dict[RecordKey, Raw | Reason] = {}

    def find(self, raws: list[Raw]) -> list[list[SourceRecord]]:
        """Return the rows of the records that each of these quotes needs."""
        needed: list[list[Reference]] = []
        for _ in range(MOST_ROUNDS):
            needed = [self._mapper.references(raw, self.records) for raw in raws]
            references = {reference.key: reference for some in needed for reference in some}
            known = self._rows.keys() | self.records.keys()
            fresh = {key: reference for key, reference in references.items() if key not in known}
            if not fresh:
                break
            self._load(fresh)
        return [[self._rows[one.key] for one in some if one.key in self._rows] for some in needed]

    def _load(self, references: dict[RecordKey, Reference]) -> None:
        usable = {key: one for key, one in references.items() if len(key.external_id) <= LONGEST_KEY}
        self.records |= {key: SourceReason.ODD_ANSWER() for key in references if key not in usable}
        kinds, ids = {key.kind for key in usable}, {key.external_id for key in usable}
        found = SourceRecord.objects.filter(source=self._source, kind__in=kinds, external_id__in=ids)
        rows = {RecordKey(row.kind, row.external_id): row for row in found}
        missing = [
            SourceRecord(source=self._source, kind=key.kind, external_id=key.external_id)
            for key in usable
            if key not in rows
        ]
        SourceRecord.objects.bulk_create(missing)
        rows |= {RecordKey(row.kind, row.external_id): row for row in missing}
        due = [rows[key] for key, reference in usable.items() if self._want(rows[key], reference)]
        SourceRecord.objects.bulk_update(due, ["wanted_by", "mark", "retry_at"], batch_size=100)
        for key in usable:
            row = self._rows[key] = rows[key]
            if row.raw:
                self.records[key] = parse(row.raw)
            elif row.problem:
                self.records[key] = row.problem

    def _want(self, row: SourceRecord, reference: Reference) -> bool:
        mark = storable(reference.mark)[:64]
        if self._run is None or row.read_by_id == self._run.pk:
            return False
        is_unread = row.problem is not None and row.problem.code != SourceReason.MISSING
        if row.wanted_by_id == self._run.pk or (row.read_at and mark in ("", row.mark) and not is_unread):
            return False
        row.wanted_by, row.mark, row.retry_at = self._run, mark, None
        return True


def want_due(run: QuoteImport) -> None:
    """Mark the records that have to be read though no quote has changed: unread ones, and those read long ago."""
    quotes = ImportedQuote.records.through.objects.filter(sourcerecord=OuterRef("pk"))
    is_old = Q(read_at__isnull=True) | Q(read_at__lt=ports.now() - FRESH)
    is_unread = Q(problem__isnull=False) & ~Q(problem__code=SourceReason.MISSING)
    records = SourceRecord.objects.filter(is_old | is_unread, Exists(quotes), source=run.source_id)
    records.update(wanted_by=run, retry_at=None)


def want_marked(run: QuoteImport, record: SourceRecord, mark: str) -> None:
    """Mark a record to be read whose mark in a list is another one than before."""
    mark = storable(mark)[:64]
    if mark and mark != record.mark:
        record.wanted_by, record.mark, record.retry_at = run, mark, None
        record.save(update_fields=["wanted_by", "mark", "retry_at"])


def store_record(run: QuoteImport, record: SourceRecord, clean: Clean | None, problem: Reason | None = None) -> None:
    """Store a record that was asked for, and let its quotes be mapped again where that makes a difference.

    Without an answer the last one stays; `problem` says why there is none.
    """
    is_other = problem != record.problem or (clean is not None and clean.digest != record.raw_hash)
    record.wanted_by, record.read_by, record.retry_at, record.failures = None, run, None, 0
    record.read_at = ports.now()
    record.problem = problem
    if clean is not None:
        record.raw, record.raw_hash = clean.text, clean.digest
    record.save()
    if is_other:
        unmap([record.pk])


def unmap(records: Iterable[int] | QuerySet[SourceRecord]) -> None:
    """Let the quotes of these records be mapped again."""
    needing = ImportedQuote.records.through.objects.filter(sourcerecord__in=records).values("importedquote")
    ImportedQuote.objects.filter(pk__in=needing).exclude(mapped_from="").update(mapped_from="")


def parse(text: str) -> Raw:
    """Return a stored answer as a dictionary; {} where it is no JSON object."""
    data = answers.parse(text)
    return data if isinstance(data, dict) else {}
