"""What could not be read: one thing never ends an import, it is noted and tried again.

1. `fail` keeps the reason with the thing. A passing failure is tried again after a growing pause (`runs/tries.py`),
   tries.MOST_FAILURES times in a row; a refusal waits for the next import.
2. After MOST_IN_A_ROW failures of one kind without an answer in between, the rest of that kind is put off: a right is
   missing, or the system is down, and asking for thousands more would not help. It is first in line at the next try.
3. `report` counts per kind what could not be read, and puts the reasons on the import.
4. An import whose things are left to be tried again goes on when they are due (`runs.retry_due`).
"""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from offorte_portal import ports
from offorte_portal.other_systems.context import Context
from offorte_portal.other_systems.models import ImportedQuote, QuoteImport, Source, SourceRecord
from offorte_portal.other_systems.reasons import SourceReason
from offorte_portal.other_systems.records import unmap
from offorte_portal.other_systems.systems.errors import Malformed, Missing, Refused, SourceError, WrongAddress
from offorte_portal.other_systems.systems.interface import System
from offorte_portal.runs import tries
from offorte_portal.text.reason import Reason

MOST_IN_A_ROW = 10
# The most reasons that an import keeps, and the ids that each names.
MOST_PROBLEMS, MOST_EXAMPLES = 50, 5
# The kind of the quotes themselves; the others are those of records.
QUOTE = "quote"
# How many are looked up at once.
QUEUED = 20
Item = TypeVar("Item", ImportedQuote, SourceRecord)
_FAILURE = ("problem", "failures", "wanted_by", "retry_at")


def explain(system: System, kind: str, error: SourceError) -> Reason:
    """Return why something of this kind could not be read; a refusal names the right that may be missing."""
    readable = system.readables.get(kind)
    if not isinstance(error, Refused) or error.reason.code != Refused.code or readable is None:
        return error.reason
    if readable.right:
        return SourceReason.RIGHT_MISSING(right=readable.right)
    return SourceReason.NOT_ALLOWED(things=Reason(readable.thing.value))


def explain_list(system: System, error: SourceError) -> SourceError:
    """Return the error of a list that can't be read; a refusal names the right that may be missing."""
    if isinstance(error, Missing):
        return WrongAddress(SourceReason.NOT_THERE)
    right = system.readables[QUOTE].right
    if isinstance(error, Refused) and error.reason.code == Refused.code and right:
        return Refused(SourceReason.LIST_REFUSED(right=right))
    return error


def is_passing(error: SourceError) -> bool:
    """Return whether the same may be readable a little later."""
    return error.can_retry or isinstance(error, Malformed)


def has_turn() -> Q:
    """Return the condition that something has to be read now."""
    return Q(Q(retry_at__isnull=True) | Q(retry_at__lte=ports.now()), wanted_by__isnull=False)


def find_due(source: Source, model: type[ImportedQuote] | type[SourceRecord]) -> QuerySet[Any]:
    """Return the quotes or records that have to be read now; those that have failed come last."""
    found: QuerySet[Any] = model.objects.filter(has_turn(), source=source).order_by("failures", "pk")
    return found


def take_due(context: Context, model: type[Item]) -> Item | None:
    """Return the next quote or record that has to be read now; None where there is none."""
    if not context.queue:
        context.queue = list(find_due(context.source, model)[:QUEUED])
    return context.queue.pop(0) if context.queue else None


def fail(context: Context, item: ImportedQuote | SourceRecord, error: SourceError) -> None:
    """Keep why something could not be read, and when it is asked for again. Must be called within `context.keep`."""
    kind = item.kind if isinstance(item, SourceRecord) else QUOTE
    item.problem, item.failures = explain(context.system, kind, error), item.failures + 1
    item.wanted_by, item.retry_at = None, None
    if is_passing(error) and item.failures <= tries.MOST_FAILURES:
        item.wanted_by, item.retry_at = context.run, _pause(item.failures)
    if isinstance(item, SourceRecord):
        item.read_by = context.run
        item.save(update_fields=[*_FAILURE, "read_by"])
        unmap([item.pk])
    else:
        # Without its mark, the next import that lists it asks for it again.
        item.mark, item.mapped_from, item.seen_by = "", "", context.run
        item.save(update_fields=[*_FAILURE, "mark", "mapped_from", "seen_by"])
    context.has_failed = True
    context.failed_in_a_row[kind] += 1
    if context.failed_in_a_row[kind] >= MOST_IN_A_ROW and (isinstance(error, Refused) or error.can_retry):
        put_off(context, item)


def succeed(context: Context, kind: str) -> None:
    """Note that something of this kind could be read."""
    context.failed_in_a_row[kind] = 0


def put_off(context: Context, failed: ImportedQuote | SourceRecord) -> None:
    """Put off what is of the same kind as something that failed, as if it had failed for the same reason."""
    times = int(context.run.checkpoint.get("put_off", 0)) + 1
    context.move(cursor=context.cursor, put_off=times)
    context.queue.clear()
    rest = find_due(context.source, type(failed)).order_by()
    if isinstance(failed, SourceRecord):
        rest = rest.filter(kind=failed.kind)
        context.failed_in_a_row[failed.kind] = 0
        unmap(SourceRecord.objects.filter(pk__in=list(rest.values_list("pk", flat=True))))
    else:
        rest.exclude(raw="").update(mapped_from="")
        context.failed_in_a_row[QUOTE] = 0
    if times <= tries.MOST_FAILURES:
        rest.update(problem=failed.problem, wanted_by=context.run, retry_at=_pause(times))
    else:
        by = "read_by" if isinstance(failed, SourceRecord) else "seen_by"
        rest.update(problem=failed.problem, wanted_by=None, **{by: context.run})


def _pause(failures: int) -> datetime:
    return ports.now() + timedelta(seconds=tries.pause_after(failures))


def next_try(run: QuoteImport) -> datetime | None:
    """Return when something that could not be read is asked for again; None where nothing is."""
    moments = [
        model._default_manager.filter(wanted_by=run, retry_at__isnull=False)
        .order_by("retry_at")
        .values_list("retry_at")
        for model in (ImportedQuote, SourceRecord)
    ]
    return min((moment for found in moments for (moment,) in found[:1] if moment), default=None)


def report(context: Context) -> None:
    """Count what could not be read, per kind, and put the reasons on the import."""
    run, figures = context.run, context.run.figures
    groups: dict[tuple[str, Reason], list[str]] = defaultdict(list)
    for kind, key, problem in _find_unread(run):
        groups[kind, problem].append(key)
    for name in [name for name in figures if name.startswith("unreadable_") and name != "unreadable_pages"]:
        del figures[name]
    figures["unreadable"] = figures.get("unusable", 0)
    for (kind, _), keys in groups.items():
        name = "unreadable" if kind == QUOTE else f"unreadable_{kind}"
        figures[name] = figures.get(name, 0) + len(keys)
    pages = [problem for problem in run.problems if problem.code == SourceReason.PAGE_UNREADABLE]
    entries = [SourceReason.ENTRIES_UNREADABLE(count=figures["unusable"])] if figures.get("unusable") else []
    unread = [_describe(context.system, kind, problem, keys) for (kind, problem), keys in groups.items()]
    run.problems = [*pages, *entries, *unread][:MOST_PROBLEMS]


def _find_unread(run: QuoteImport) -> list[tuple[str, str, Reason]]:
    """Return kind, id and reason of what could not be read in this import."""
    unread = Q(problem__isnull=False, source=run.source_id)
    quotes = ImportedQuote.objects.filter(unread, Q(seen_by=run) | Q(wanted_by=run))
    records = SourceRecord.objects.filter(unread, Q(read_by=run) | Q(wanted_by=run))
    found = [
        *((QUOTE, key, problem) for key, problem in quotes.order_by("pk").values_list("external_id", "problem")),
        *records.order_by("pk").values_list("kind", "external_id", "problem"),
    ]
    return [(kind, key, problem) for kind, key, problem in found if problem]


def _describe(system: System, kind: str, problem: Reason, keys: list[str]) -> Reason:
    examples = ", ".join(keys[:MOST_EXAMPLES]) + (", …" if len(keys) > MOST_EXAMPLES else "")
    things = Reason(system.readables[kind].thing.value)
    return SourceReason.UNREAD(things=things, examples=examples, count=len(keys), error=problem)
