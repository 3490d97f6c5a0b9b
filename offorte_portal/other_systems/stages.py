"""The steps of an import's stages. A step makes at most one request and saves all of its results at once.

One thing that can't be read never ends an import (`failing.py`): only the first page of the list does.
"""

import logging

from django.db import transaction

from offorte_portal import ports
from offorte_portal.other_systems import failing, mapping, matching, parties, records, storing
from offorte_portal.other_systems.context import Context
from offorte_portal.other_systems.models import ImportedQuote, SourceRecord
from offorte_portal.other_systems.opening import clean
from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.other_systems.systems.answers import Clean, Raw
from offorte_portal.other_systems.systems.errors import Busy, Malformed, Missing, SourceError
from offorte_portal.other_systems.systems.interface import RecordKey
from offorte_portal.runs import tries

logger = logging.getLogger(__name__)

# Up to this many absent quotes are requested one by one; if there are more, the list itself is trusted.
MOST_CONFIRMED = 50
# How often an answer that can't be understood is requested, and how often one thing may hold up all by “too busy”.
MOST_MALFORMED = 3
# Quotes that are read one by one are mapped when there are so many, or after so many seconds.
MAPPED_AT_ONCE, MAPPED_AFTER = 50, 5.0
# How many pages in a row may be unreadable before the list is taken to end.
MOST_SKIPPED = 3


def take_step(context: Context) -> bool:
    """Take the next step of the import; return False when it is done."""
    match context.stage:
        case "list":
            read_page(context)
        case "details":
            read_quote(context)
        case "records":
            read_records(context)
        case "mapping":
            map_some(context)
        case "absences":
            settle_absence(context)
        case "matching":
            with context.keep():
                parties.drop_unnamed(context.source)
                matching.propose(context.source)
                failing.report(context)
                context.next_stage()
        case _:
            return False
    return True


def read_page(context: Context) -> None:
    """Read the next page of the list. Raises SourceError where it is the first, or may be readable later."""
    cursor = context.cursor
    try:
        page = context.reader.read_page(cursor, context.run.since)
    except SourceError as error:
        if not cursor:
            raise failing.explain_list(context.system, error) from None
        limit = tries.MOST_FAILURES if error.can_retry else MOST_MALFORMED
        if failing.is_passing(error) and context.run.failures < limit:
            raise
        skip_page(context, error)
        return
    with context.keep():
        if not cursor:
            mapping.unmap_outdated(context.source)
            records.want_due(context.run)
        storing.store_items(context, page.items)
        storing.count_unusable(context, page.unreadable)
        context.move(next=page.next, skipped=0)
        context.next_stage()


def skip_page(context: Context, error: SourceError) -> None:
    """Go on with the page after one that can't be read. What the list lacks is then not taken to be gone."""
    skipped = int(context.run.checkpoint.get("skipped", 0)) + 1
    following = context.reader.skip(context.cursor) if skipped < MOST_SKIPPED else ""
    with context.keep():
        reason = failing.explain(context.system, failing.QUOTE, error)
        context.run.problems.append(SourceReason.PAGE_UNREADABLE(page=context.cursor, error=reason))
        context.count(unreadable_pages=1)
        context.move(next=following, skipped=skipped, is_partial=True)
        context.next_stage()


def may_wait(context: Context, error: SourceError) -> bool:
    """Return whether the whole import waits, as a system asks that takes no more requests for the moment."""
    return isinstance(error, Busy) and context.run.failures < MOST_MALFORMED


def cleaned(context: Context, raw: Raw) -> Clean:
    """Return an answer as it is stored. Raises Malformed where it can't be."""
    (answer,) = clean(context.source, [raw])
    if answer is None:
        raise Malformed
    return answer


def read_quote(context: Context) -> None:
    """Read the next quote that the list did not contain in full."""
    quote = failing.take_due(context, ImportedQuote)
    if quote is None:
        with context.keep():
            if not map_read(context):
                context.next_stage()
        return
    try:
        answer = cleaned(context, context.reader.get(quote.external_id))
    except Missing:
        with context.keep():
            storing.store_missing(context, quote)
    except SourceError as error:
        if may_wait(context, error):
            with transaction.atomic():
                map_read(context)
            raise
        with context.keep():
            failing.fail(context, quote, error)
    else:
        with context.keep():
            failing.succeed(context, failing.QUOTE)
            storing.store_answer(context, quote, answer)
            context.unmapped += 1
            if context.unmapped >= MAPPED_AT_ONCE or ports.monotonic() > context.mapped_at + MAPPED_AFTER:
                map_read(context)


def map_read(context: Context) -> bool:
    """Map the quotes that were read one by one so far, so that they are shown; return whether there were any."""
    context.unmapped, context.mapped_at = 0, ports.monotonic()
    return mapping.map_unmapped(context.source, context.mapper, context.run)


def read_records(context: Context) -> None:
    """Read the next record that mapping needs; once in an import all of a kind that the system lists."""
    listed = context.run.checkpoint.get("listed", 0)
    if listed < len(context.reader.listed_kinds):
        kind = context.reader.listed_kinds[listed]
        if SourceRecord.objects.filter(source=context.source, kind=kind).exists():
            read_list(context, kind)
        with context.keep():
            context.move(listed=listed + 1)
        return
    record = failing.take_due(context, SourceRecord)
    if record is None:
        with context.keep():
            if context.has_failed:
                failing.report(context)
            context.next_stage()
        return
    read_record(context, record)


def read_record(context: Context, record: SourceRecord) -> None:
    """Read one record by itself."""
    try:
        answer = cleaned(context, context.reader.get_record(RecordKey(record.kind, record.external_id)))
    except Missing as error:
        with context.keep():
            records.store_record(context.run, record, None, error.reason)
    except SourceError as error:
        if may_wait(context, error):
            raise
        with context.keep():
            failing.fail(context, record, error)
    else:
        with context.keep():
            failing.succeed(context, record.kind)
            records.store_record(context.run, record, answer)


def read_list(context: Context, kind: str) -> None:
    """Store the records of a list that differ from what is stored. Without the list each is read by itself."""
    try:
        found = context.reader.list_records(kind)
    except SourceError as error:
        logger.info("The list of %s can't be read: %s", kind, error.reason)
        return
    by_key = {item.external_id: item for item in found}
    with context.keep():
        same = []
        for record in SourceRecord.objects.filter(source=context.source, kind=kind, external_id__in=by_key):
            item = by_key[record.external_id]
            answer = None if item.raw is None else next(clean(context.source, [item.raw]))
            if answer is None:
                records.want_marked(context.run, record, item.mark)
            elif answer.digest == record.raw_hash and not record.problem:
                same.append(record.pk)
            else:
                records.store_record(context.run, record, answer)
        now = ports.now()
        SourceRecord.objects.filter(pk__in=same).update(read_at=now, read_by=context.run, wanted_by=None, retry_at=None)


def map_some(context: Context) -> None:
    """Map the next quotes that have to be mapped (again); what they then need is read before the next stage."""
    with context.keep():
        if map_read(context):
            return
        if failing.find_due(context.source, SourceRecord).exists():
            context.move(stage="records")
        else:
            context.next_stage()


def settle_absence(context: Context) -> None:
    """Handle the next quote that the list did not contain; only an import of the whole list marks any as missing.

    With more than MOST_CONFIRMED absent quotes all of them are marked as missing at once.
    """
    present = ImportedQuote.objects.filter(source=context.source, missing_since__isnull=True)
    is_whole = context.run.since is None and not context.run.checkpoint.get("is_partial")
    absent = present.exclude(seen_by=context.run) if is_whole else present.none()
    first = absent.order_by("pk").first()
    if first is None:
        with context.keep():
            context.next_stage()
        return
    if not context.cursor and absent.count() > MOST_CONFIRMED:
        with context.keep():
            context.count(missing=absent.update(missing_since=ports.now(), wanted_by=None, retry_at=None))
            context.next_stage()
        return
    # It is requested by itself, as a list that changes while it is read may have left it out.
    context.move(cursor="few")
    try:
        answer = cleaned(context, context.reader.get(first.external_id))
    except Missing:
        with context.keep():
            storing.store_missing(context, first)
    except SourceError as error:
        if may_wait(context, error):
            raise
        with context.keep():
            failing.fail(context, first, error)
            context.move(stage="mapping")
    else:
        with context.keep():
            storing.store_answer(context, first, answer)
            context.move(stage="mapping")
