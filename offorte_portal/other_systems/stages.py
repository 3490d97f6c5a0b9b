"""One step of each stage of an import: at most one thing is asked, then all that came of it is kept at once."""

from offorte_portal import ports
from offorte_portal.other_systems import mapping, matching, storing
from offorte_portal.other_systems.context import Context
from offorte_portal.other_systems.models import ImportedQuote, SourceRecord
from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.other_systems.systems.errors import Malformed, Missing, Rejected, SourceError, WrongAddress
from offorte_portal.other_systems.systems.interface import RecordKey

# So many absent quotes are asked for one by one; when there are more, the list itself is believed.
MOST_CONFIRMED = 50
BATCH = 100
# What is wrong with one thing only.
SINGLE = (Malformed, Rejected)


def take_step(context: Context) -> bool:
    """Do the next thing that the import has to do; False when it is done."""
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
            map_batch(context)
        case "matching":
            with context.keep():
                matching.propose(context.source)
                context.next_stage()
        case _:
            return False
    return True


def read_page(context: Context) -> None:
    """Read a part of the list."""
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
    """Get the next quote that the list did not hold."""
    wanted = ImportedQuote.objects.filter(source=context.source, wanted_by__isnull=False).order_by("pk").first()
    if wanted is None:
        with context.keep():
            context.next_stage()
        return
    try:
        raw = context.reader.get(wanted.external_id)
    except Missing:
        with context.keep():
            storing.store_missing(context, wanted)
    except SINGLE as error:
        skip_quote(context, wanted, error)
    else:
        with context.keep():
            storing.store_quote(context, wanted, raw)


def skip_quote(context: Context, quote: ImportedQuote, error: SourceError) -> None:
    """Leave a quote that can't be read as it is; the next import tries again."""
    with context.keep():
        quote.wanted_by, quote.mark = None, ""
        quote.save(update_fields=["wanted_by", "mark"])
        context.count(unreadable=1)
        context.note_problem(SourceReason.QUOTE_UNREADABLE(quote=quote.external_id, error=error.reason))


def read_record(context: Context) -> None:
    """Read the next thing beside the quotes."""
    wanted = SourceRecord.objects.filter(source=context.source, wanted_by__isnull=False).order_by("pk").first()
    if wanted is None:
        with context.keep():
            context.next_stage()
        return
    raw = None
    try:
        raw = context.reader.get_record(RecordKey(wanted.kind, wanted.external_id))
    except Missing:
        pass  # the quote's page says that its customer could not be read
    except SINGLE as error:
        problem = SourceReason.RECORD_UNREADABLE(kind=wanted.kind, record=wanted.external_id, error=error.reason)
        context.note_problem(problem)
    with context.keep():
        storing.store_record(context, wanted, raw)


def settle_absence(context: Context) -> None:
    """Find out about the next quote that the whole list did not hold; an import of changes alone says nothing."""
    present = ImportedQuote.objects.filter(source=context.source, missing_since__isnull=True)
    absent = present.exclude(seen_by=context.run) if context.run.since is None else present.none()
    first = absent.order_by("pk").first()
    if first is None:
        with context.keep():
            context.next_stage()
    elif not context.cursor and absent.count() > MOST_CONFIRMED:
        with context.keep():
            context.count(missing=absent.update(missing_since=ports.now()))
            context.next_stage()
    else:
        confirm_absence(context, first)


def confirm_absence(context: Context, quote: ImportedQuote) -> None:
    """Ask for a quote by itself: a list that changes while it is read may have left it out."""
    context.move(cursor="few")
    try:
        raw = context.reader.get(quote.external_id)
    except (Missing, *SINGLE):
        with context.keep():
            storing.store_missing(context, quote)
        return
    with context.keep():
        storing.store_quote(context, quote, raw)
        if SourceRecord.objects.filter(source=context.source, wanted_by__isnull=False).exists():
            context.move(stage="records")


def map_batch(context: Context) -> None:
    """Make columns of the next quotes that something has changed for."""
    with context.keep():
        last = mapping.map_after(context.source, int(context.cursor or 0), BATCH)
        if last is None:
            context.next_stage()
        else:
            context.move(cursor=str(last))
