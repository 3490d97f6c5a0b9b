"""Keeping answers: what is new, what has changed, what has to be read besides."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from offorte_portal import ports
from offorte_portal.other_systems.context import Context
from offorte_portal.other_systems.models import ImportedQuote, SourceRecord
from offorte_portal.other_systems.systems.answers import Raw, fingerprint, write
from offorte_portal.other_systems.systems.interface import Item, Reference

LONGEST_KEY = 100
# Databases take so many parameters in one query.
AT_ONCE = 500


def store_items(context: Context, items: Sequence[Item]) -> None:
    """Keep what a list shows: whole quotes, or that they are there and have to be got by themselves."""
    context.count(seen=0, new=0)
    for start in range(0, len(items), AT_ONCE):
        _store_some(context, items[start : start + AT_ONCE])


def _store_some(context: Context, items: Iterable[Item]) -> None:
    by_key = {item.external_id: item for item in items if len(item.external_id) <= LONGEST_KEY}
    known = {quote.external_id: quote for quote in _quotes(context).filter(external_id__in=by_key)}
    added = [ImportedQuote(source=context.source, external_id=key) for key in by_key if key not in known]
    ImportedQuote.objects.bulk_create(added)
    known |= {quote.external_id: quote for quote in added}
    for key, item in by_key.items():
        _see(context, known[key], item)
    ImportedQuote.objects.bulk_update(
        known.values(), ["raw", "raw_hash", "mark", "wanted_by", "seen_by", "read_at", "missing_since"], batch_size=100
    )
    context.count(seen=len(by_key), new=len(added))
    want_records(context, (item.raw for item in by_key.values() if item.raw is not None))


def _quotes(context: Context) -> QuerySet[ImportedQuote]:
    return ImportedQuote.objects.filter(source=context.source)


def _see(context: Context, quote: ImportedQuote, item: Item) -> None:
    quote.seen_by, quote.missing_since = context.run, None
    if item.raw is not None:
        _take(context, quote, item.raw)
        return
    is_known = bool(quote.raw) and quote.wanted_by_id is None and bool(item.mark) and item.mark[:64] == quote.mark
    quote.mark = item.mark[:64]
    if not is_known:
        quote.wanted_by = context.run


def _take(context: Context, quote: ImportedQuote, raw: Raw) -> None:
    """Put an answer into the row; count it where it says something else than the last one."""
    clean = context.clean(raw)
    quote.wanted_by, quote.read_at, digest = None, ports.now(), fingerprint(clean)
    if digest == quote.raw_hash:
        return
    if quote.raw:
        context.count(changed=1)
    quote.raw, quote.raw_hash = write(clean), digest


def store_quote(context: Context, quote: ImportedQuote, raw: Raw) -> None:
    """Keep a quote that was got by itself."""
    _take(context, quote, raw)
    quote.seen_by, quote.missing_since = context.run, None
    quote.save(update_fields=["raw", "raw_hash", "wanted_by", "seen_by", "read_at", "missing_since"])
    want_records(context, [raw])


def store_missing(context: Context, quote: ImportedQuote) -> None:
    """Mark a quote that the system has no more. It is never deleted, and comes back when it is seen again."""
    quote.wanted_by = None
    if quote.missing_since is None:
        quote.missing_since = ports.now()
        context.count(missing=1)
    quote.save(update_fields=["wanted_by", "missing_since"])


def want_records(context: Context, raws: Iterable[Raw]) -> None:
    """Note what else has to be read for these quotes: once an import at most, and not what is known to be unchanged."""
    references: dict[tuple[str, str], Reference] = {}
    for raw in raws:
        references |= {(one.key.kind, one.key.external_id): one for one in context.mapper.references(raw)}
    references = {key: one for key, one in references.items() if len(one.key.external_id) <= LONGEST_KEY}
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
    wanted = [known[key] for key, reference in references.items() if _is_wanted(context, known[key], reference)]
    for record in wanted:
        record.wanted_by = context.run
        record.mark = references[record.kind, record.external_id].mark[:64]
    SourceRecord.objects.bulk_update(wanted, ["wanted_by", "mark"], batch_size=100)


def _is_wanted(context: Context, record: SourceRecord, reference: Reference) -> bool:
    if record.read_by_id == context.run.pk:
        return False
    if not record.raw or record.wanted_by_id is not None:
        return True
    return not reference.mark or record.mark != reference.mark[:64]


def store_record(context: Context, record: SourceRecord, raw: Raw | None) -> None:
    """Keep a thing beside the quotes; None: the system has none, and what it was before stays."""
    record.wanted_by, record.read_by = None, context.run
    if raw is not None:
        clean = context.clean(raw)
        record.raw, record.raw_hash = write(clean), fingerprint(clean)
    record.save(update_fields=["wanted_by", "read_by", "raw", "raw_hash"])
