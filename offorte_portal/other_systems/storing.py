"""Stores the answers of an import, and marks what else has to be read."""

from collections.abc import Iterable, Sequence

from offorte_portal import ports
from offorte_portal.other_systems.context import Context
from offorte_portal.other_systems.models import ImportedQuote, SourceRecord
from offorte_portal.other_systems.opening import without_secrets
from offorte_portal.other_systems.systems.answers import Raw, fingerprint, write
from offorte_portal.other_systems.systems.interface import Item, Reference

LONGEST_KEY = 100
# Items per query, as databases limit the number of parameters.
AT_ONCE = 500


def store_items(context: Context, items: Sequence[Item]) -> None:
    """Store the items of a list: complete quotes, or quotes that still have to be read one by one."""
    context.count(seen=0, new=0)
    for start in range(0, len(items), AT_ONCE):
        some = items[start : start + AT_ONCE]
        by_key = {item.external_id: item for item in some if len(item.external_id) <= LONGEST_KEY}
        found = ImportedQuote.objects.filter(source=context.source, external_id__in=by_key)
        known = {quote.external_id: quote for quote in found}
        added = [ImportedQuote(source=context.source, external_id=key) for key in by_key if key not in known]
        ImportedQuote.objects.bulk_create(added)
        known |= {quote.external_id: quote for quote in added}
        for key, item in by_key.items():
            _see(context, known[key], item)
        columns = ["raw", "raw_hash", "mark", "wanted_by", "seen_by", "read_at", "missing_since"]
        ImportedQuote.objects.bulk_update(known.values(), columns, batch_size=100)
        context.count(seen=len(by_key), new=len(added))
        want_records(context, [item.raw for item in by_key.values() if item.raw is not None])


def _see(context: Context, quote: ImportedQuote, item: Item) -> None:
    quote.seen_by, quote.missing_since = context.run, None
    if item.raw is not None:
        _take(context, quote, item.raw)
        return
    mark = item.mark[:64]
    if not (quote.raw and quote.wanted_by_id is None and mark and mark == quote.mark):
        quote.wanted_by = context.run
    quote.mark = mark


def _take(context: Context, quote: ImportedQuote, raw: Raw) -> None:
    """Put an answer into the row; count it as changed where it differs from the last one."""
    clean = without_secrets(context.source, raw)
    quote.wanted_by, quote.read_at, digest = None, ports.now(), fingerprint(clean)
    if digest == quote.raw_hash:
        return
    if quote.raw:
        context.count(changed=1)
    quote.raw, quote.raw_hash = write(clean), digest


def store_quote(context: Context, quote: ImportedQuote, raw: Raw) -> None:
    """Store a quote that was read by itself."""
    _take(context, quote, raw)
    quote.seen_by, quote.missing_since = context.run, None
    quote.save(update_fields=["raw", "raw_hash", "wanted_by", "seen_by", "read_at", "missing_since"])
    want_records(context, [raw])


def store_missing(context: Context, quote: ImportedQuote) -> None:
    """Mark a quote as missing. It is never deleted, and comes back when it is seen again."""
    quote.wanted_by = None
    if quote.missing_since is None:
        quote.missing_since = ports.now()
        context.count(missing=1)
    quote.save(update_fields=["wanted_by", "missing_since"])


def want_records(context: Context, raws: Iterable[Raw]) -> None:
    """Mark the records that these quotes need to be read: at most once an import, and not where they are unchanged."""
    references: dict[tuple[str, str], Reference] = {}
    for raw in raws:
        references |= {(item.key.kind, item.key.external_id): item for item in context.mapper.references(raw)}
    references = {key: item for key, item in references.items() if len(item.key.external_id) <= LONGEST_KEY}
    if not references:
        return
    kinds, keys = {kind for kind, _ in references}, {key for _, key in references}
    found = SourceRecord.objects.filter(source=context.source, kind__in=kinds, external_id__in=keys)
    known = {(record.kind, record.external_id): record for record in found}
    missing = [
        SourceRecord(source=context.source, kind=kind, external_id=key)
        for kind, key in references
        if (kind, key) not in known
    ]
    SourceRecord.objects.bulk_create(missing)
    known |= {(record.kind, record.external_id): record for record in missing}
    due = []
    for key, reference in references.items():
        record, mark = known[key], reference.mark[:64]
        is_unchanged = record.raw and record.wanted_by_id is None and mark and record.mark == mark
        if record.read_by_id != context.run.pk and not is_unchanged:
            record.wanted_by, record.mark = context.run, mark
            due.append(record)
    SourceRecord.objects.bulk_update(due, ["wanted_by", "mark"], batch_size=100)


def store_record(context: Context, record: SourceRecord, raw: Raw | None) -> None:
    """Store a record; None where the system has none or it can't be read, and then the last answer stays."""
    record.wanted_by, record.read_by = None, context.run
    if raw is not None:
        clean = without_secrets(context.source, raw)
        record.raw, record.raw_hash = write(clean), fingerprint(clean)
    record.save(update_fields=["wanted_by", "read_by", "raw", "raw_hash"])
