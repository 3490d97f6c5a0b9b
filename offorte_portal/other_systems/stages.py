"""The steps of an import's stages. A step makes at most one request and saves all of its results at once."""

from offorte_portal import ports
from offorte_portal.other_systems import mapping, matching, storing
from offorte_portal.other_systems.context import Context
from offorte_portal.other_systems.models import ImportedQuote, SourceRecord
from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.other_systems.systems.errors import Malformed, Missing, Rejected, WrongAddress
from offorte_portal.other_systems.systems.interface import RecordKey

# Up to this many absent quotes are requested one by one; if there are more, the list itself is trusted.
MOST_CONFIRMED = 50
BATCH = 100
# Errors that are about a single quote or record.
SINGLE = (Malformed, Rejected)


def take_step(context: Context) -> bool:
    """Take the next step of the import; return False when it is done."""
    match context.stage:
        case "list":
            read_page(context)
        case "details":
            read_quote(context)
        case "records":
            read_record(context)
        case "absences":
            settle_absence(context)
        case "mapping":
            with context.keep():
                last = mapping.map_after(context.source, int(context.cursor or 0), BATCH)
                if last is None:
                    context.next_stage()
                else:
                    context.move(cursor=str(last))
        case "matching":
            with context.keep():
                matching.propose(context.source)
                context.next_stage()
        case _:
            return False
    return True


def read_page(context: Context) -> None:
    """Read the next page of the list. Raises WrongAddress where there is no list."""
    try:
        page = context.reader.read_page(context.cursor, context.run.since)
    except Missing:
        raise WrongAddress(SourceReason.NOT_THERE) from None
    with context.keep():
        storing.store_items(context, page.items)
        if page.unreadable:
            context.count(unreadable=page.unreadable)
        if page.next:
            context.move(cursor=page.next)
        else:
            context.next_stage()


def read_quote(context: Context) -> None:
    """Read the next quote that the list did not contain in full."""
    quote = ImportedQuote.objects.filter(source=context.source, wanted_by__isnull=False).order_by("pk").first()
    if quote is None:
        with context.keep():
            context.next_stage()
        return
    try:
        raw = context.reader.get(quote.external_id)
    except Missing:
        with context.keep():
            storing.store_missing(context, quote)
    except SINGLE as error:
        # It stays as it is; the next import that lists it tries again.
        with context.keep():
            quote.wanted_by, quote.mark = None, ""
            quote.save(update_fields=["wanted_by", "mark"])
            context.count(unreadable=1)
            context.note_problem(SourceReason.QUOTE_UNREADABLE(quote=quote.external_id, error=error.reason))
    else:
        with context.keep():
            storing.store_quote(context, quote, raw)


def read_record(context: Context) -> None:
    """Read the next record that mapping needs."""
    record = SourceRecord.objects.filter(source=context.source, wanted_by__isnull=False).order_by("pk").first()
    if record is None:
        with context.keep():
            context.next_stage()
        return
    raw = None
    try:
        raw = context.reader.get_record(RecordKey(record.kind, record.external_id))
    except Missing:
        pass  # the quote's page says that its customer could not be read
    except SINGLE as error:
        problem = SourceReason.RECORD_UNREADABLE(kind=record.kind, record=record.external_id, error=error.reason)
        context.note_problem(problem)
    with context.keep():
        storing.store_record(context, record, raw)


def settle_absence(context: Context) -> None:
    """Handle the next quote that the list did not contain; an import of changes only marks none as missing.

    With more than MOST_CONFIRMED absent quotes all of them are marked as missing at once.
    """
    present = ImportedQuote.objects.filter(source=context.source, missing_since__isnull=True)
    absent = present.exclude(seen_by=context.run) if context.run.since is None else present.none()
    first = absent.order_by("pk").first()
    if first is None:
        with context.keep():
            context.next_stage()
        return
    if not context.cursor and absent.count() > MOST_CONFIRMED:
        with context.keep():
            context.count(missing=absent.update(missing_since=ports.now()))
            context.next_stage()
        return
    # It is requested by itself, as a list that changes while it is read may have left it out.
    context.move(cursor="few")
    try:
        raw = context.reader.get(first.external_id)
    except (Missing, *SINGLE):
        with context.keep():
            storing.store_missing(context, first)
        return
    with context.keep():
        storing.store_quote(context, first, raw)
        if SourceRecord.objects.filter(source=context.source, wanted_by__isnull=False).exists():
            context.move(stage="records")
