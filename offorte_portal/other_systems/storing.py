"""Stores the answers of an import, maps what is new in them, and marks what else has to be read."""

from collections.abc import Iterable, Sequence

from offorte_portal import ports
from offorte_portal.other_systems.context import Context
from offorte_portal.other_systems.mapping import Answered, map_quotes
from offorte_portal.other_systems.models import ImportedQuote
from offorte_portal.other_systems.opening import clean
from offorte_portal.other_systems.systems.answers import Clean, storable
from offorte_portal.other_systems.systems.interface import Item

LONGEST_KEY = 100
# Items per query, as databases limit the number of parameters, and that are mapped at once.
AT_ONCE = 100
# What an answer sets, besides the columns that are mapped from it.
_ANSWER = (
    "raw", "raw_hash", "wanted_by", "seen_by", "read_at", "missing_since", "problem", "failures",
    "retry_at",
)  # fmt: skip


def store_items(context: Context, items: Sequence[Item]) -> None:
    """Store the items of a list: complete quotes, or quotes that still have to be read one by one.

    Complete quotes that are as they were are only marked as seen.
    """
    context.count(seen=0, new=0)
    for start in range(0, len(items), AT_ONCE):
        some = {item.external_id: item for item in items[start : start + AT_ONCE] if is_usable(item.external_id)}
        context.count(seen=len(some))
        count_unusable(context, len(items[start : start + AT_ONCE]) - len(some))
        found = ImportedQuote.objects.filter(source=context.source, external_id__in=some).defer("raw", "search_text")
        known = {quote.external_id: quote for quote in found}
        context.count(new=len(some.keys() - known.keys()))
        _store_complete(context, [item for item in some.values() if item.raw is not None], known)
        _store_listed(context, [item for item in some.values() if item.raw is None], known)


def count_unusable(context: Context, number: int) -> None:
    """Count entries of the list that can't be stored."""
    if number:
        context.count(unusable=number)


def is_usable(external_id: str) -> bool:
    """Return whether a quote can be stored under this id, and asked for by it."""
    return len(external_id) <= LONGEST_KEY and storable(external_id) == external_id


def _store_complete(context: Context, items: Sequence[Item], known: dict[str, ImportedQuote]) -> None:
    same: list[ImportedQuote] = []
    others: list[tuple[str, Clean]] = []
    answers = clean(context.source, (item.raw for item in items if item.raw is not None))
    for item, answer in zip(items, answers, strict=True):
        quote = known.get(item.external_id)
        if answer is None:
            count_unusable(context, 1)
        elif quote is not None and _is_same(quote, answer):
            same.append(quote)
        else:
            others.append((item.external_id, answer))
    _see(context, same, is_read=True)
    stored = ImportedQuote.objects.in_bulk([known[key].pk for key, _ in others if key in known])
    quotes = {quote.external_id: quote for quote in stored.values()}
    answered = [
        _put_in(context, quotes.get(key) or ImportedQuote(source=context.source, external_id=key), answer)
        for key, answer in others
    ]
    map_quotes(context.source, context.mapper, answered, context.run, _ANSWER)


def _is_same(quote: ImportedQuote, answer: Clean) -> bool:
    return quote.raw_hash == answer.digest and not quote.problem


def _store_listed(context: Context, items: Sequence[Item], known: dict[str, ImportedQuote]) -> None:
    """Add quotes that are new, and mark those to be read whose mark is another one."""
    due, same, missing = [], [], []
    for item in items:
        quote, mark = known.get(item.external_id), storable(item.mark)[:64]
        if quote is None:
            quote = ImportedQuote(source=context.source, external_id=item.external_id)
            missing.append(quote)
        elif quote.read_at and quote.wanted_by_id is None and mark and mark == quote.mark:
            same.append(quote)
            continue
        else:
            due.append(quote)
        quote.wanted_by, quote.seen_by, quote.retry_at, quote.mark = context.run, context.run, None, mark
        quote.missing_since = None
    ImportedQuote.objects.bulk_create(missing)
    columns = ["wanted_by", "seen_by", "retry_at", "mark", "missing_since"]
    ImportedQuote.objects.bulk_update(due, columns, batch_size=AT_ONCE)
    _see(context, same, is_read=False)


def _see(context: Context, quotes: Iterable[ImportedQuote], *, is_read: bool) -> None:
    """Mark quotes as seen that are as they were, with an update that touches no index of sums."""
    seen = {quote.pk: quote.missing_since for quote in quotes}
    moments = {"read_at": ports.now(), "wanted_by": None} if is_read else {}
    ImportedQuote.objects.filter(pk__in=seen).update(seen_by=context.run, **moments)
    back = [pk for pk, missing_since in seen.items() if missing_since]
    if back:
        ImportedQuote.objects.filter(pk__in=back).update(missing_since=None)


def store_answer(context: Context, quote: ImportedQuote, answer: Clean) -> None:
    """Store a quote that was read by itself; where it differs from before it has to be mapped (`stages.map_read`)."""
    if _is_same(quote, answer):
        _see(context, [quote], is_read=True)
        return
    _put_in(context, quote, answer)
    quote.mapped_from = ""
    quote.save(update_fields=[*_ANSWER, "mapped_from"])


def _put_in(context: Context, quote: ImportedQuote, answer: Clean) -> Answered:
    """Put an answer into its quote; count it as changed where it is another than the last one."""
    context.count(changed=int(bool(quote.raw) and answer.digest != quote.raw_hash))
    quote.wanted_by, quote.seen_by, quote.missing_since = None, context.run, None
    quote.problem, quote.failures, quote.retry_at = None, 0, None
    quote.raw, quote.raw_hash, quote.read_at = answer.text, answer.digest, ports.now()
    return Answered(quote, answer.raw)


def store_missing(context: Context, quote: ImportedQuote) -> None:
    """Mark a quote as missing. It is never deleted, and comes back when it is seen again."""
    quote.wanted_by, quote.retry_at = None, None
    if quote.missing_since is None:
        quote.missing_since = ports.now()
        context.count(missing=1)
    quote.save(update_fields=["wanted_by", "retry_at", "missing_since"])
