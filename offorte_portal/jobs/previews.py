"""Previews of jobs before anybody confirms them. They write nothing, and read only the mirror."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy

from offorte_portal.connections import budget
from offorte_portal.connections.budget import Lane
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import parameters
from offorte_portal.jobs.action import Action, Choice, NewId, Options, Skip, Step, Write
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.jobs.results import Change, Item, Preview
from offorte_portal.jobs.selection import CheckedRow, batches, check_rows, decide, read_statuses
from offorte_portal.writes.models import Operation

SAMPLE, SKIPPED = 10, 100
AT_ONCE = 2_000
# Planning more rows than this takes longer than a person should wait for a page.
COMPUTED = 5_000
ESTIMATE = gettext_lazy("With this many rows, a few more may turn out to need no change when the job runs.")


def preview(action: Action[Any], selection: Sequence[int], options: Options, by: User) -> Preview:
    """Return what the action would do with the selection. Raises PermissionDenied."""
    choice = require(action, options, by)
    chosen = action.narrow(list(dict.fromkeys(selection)), options)
    # Read first: a status that changes while the rest is read must not pass for the one that was shown.
    statuses = read_statuses(action, chosen)
    rows = check_rows(action, chosen, choice)
    steps: dict[int, int] = {}
    is_estimate = action.is_computed and len(rows) > COMPUTED
    if action.is_computed and not is_estimate:
        rows, steps = computed(action, rows, choice)
    included = [row for row in rows if not row.reason]
    accounts = Counter(row.connection_id for row in included)
    requests = Counter(
        {key: sum(steps.get(row.pk, 1) for row in included if row.connection_id == key) for key in accounts}
    )
    connections = Connection.objects.in_bulk(accounts)
    missing = len(chosen) - len(rows)
    return Preview(
        count=len(chosen),
        included=len(included),
        value=sum((row.value for row in included if row.value is not None), Decimal(0)) if action.value else None,
        value_unknown=sum(row.value is None for row in included) if action.value else 0,
        sample=list(described(action, [row.pk for row in included[:SAMPLE]], choice)),
        skipped=list(described(action, [row.pk for row in rows if row.reason][:SKIPPED], choice)),
        reasons=Counter(row.reason for row in rows if row.reason) + Counter({JobReason.MISSING(): missing}),
        accounts={connections[key]: number for key, number in accounts.items()},
        requests=requests.total(),
        seconds=max(
            (budget.forecast(connections[key], count, lane=Lane.QUEUED) for key, count in requests.items()), default=0.0
        ),
        warnings=[*map(str, action.warnings(chosen, choice)), *([str(ESTIMATE)] if is_estimate else [])],
        statuses=statuses,
        cannot_undo=None if action.is_undoable else JobReason.NOT_UNDOABLE(),
    )


def items(action: Action[Any], selection: Sequence[int], options: Options, by: User) -> Iterator[Item]:
    """Return what would become of each selected row, lazily and in order. Raises PermissionDenied at once."""
    choice = require(action, options, by)
    return described(action, action.narrow(list(dict.fromkeys(selection)), options), choice)


def require(action: Action[Any], options: Options, by: User) -> Choice:
    """Return the choice if the person may make it. Raises PermissionDenied."""
    if not by.has_perm(action.permission):
        raise PermissionDenied
    return Choice(options, by)


def computed(
    action: Action[Any], checked: Sequence[CheckedRow], choice: Choice
) -> tuple[list[CheckedRow], dict[int, int]]:
    """Return the rows with the reasons that planning adds, and the number of writes of each of the others."""
    outcomes: dict[int, Step | Skip] = {}
    for keys in batches([row.pk for row in checked if not row.reason], AT_ONCE):
        outcomes |= {decision.pk: decision.outcome for decision in decide(action, keys, choice)}
    left_out = {key: outcome.reason for key, outcome in outcomes.items() if isinstance(outcome, Skip)}
    steps = {key: len(outcome.writes) for key, outcome in outcomes.items() if isinstance(outcome, Step)}
    return [row._replace(reason=row.reason or left_out.get(row.pk)) for row in checked], steps


def described(action: Action[Any], keys: Sequence[int], choice: Choice) -> Iterator[Item]:
    """Yield what becomes of these rows, as text for people."""
    names = parameters.Names()
    accounts = {connection.pk: str(connection) for connection in Connection.objects.all()}
    for batch in batches(keys, AT_ONCE):
        for decision in decide(action, batch, choice):
            pk, row, outcome = decision.pk, decision.row, decision.outcome
            if row is None:
                yield Item(pk, f"#{pk}", account="", skip_reason=JobReason.MISSING())
                continue
            account = accounts[row.connection_id]
            if isinstance(outcome, Skip):
                yield Item(pk, str(row), account, skip_reason=outcome.reason)
                continue
            own = [
                write
                for write in outcome.writes
                if write.verb == Operation.Verb.CHANGE and write.remote_id == row.remote_id
            ]
            effects = [effect(write, names) for write in outcome.writes if write not in own]
            effects += [write.note for write in own if write.note]
            changes = [change for write in own for change in changes_of(write, names)]
            yield Item(pk, str(row), account, changes, effects)


def changes_of(write: Write, names: parameters.Names) -> Iterator[Change]:
    """Yield the fields of one write, before and after."""
    for name, value in write.draft.items():
        old = names.show(name, write.before[name], write.connection_id) if name in write.before else None
        yield Change(parameters.label(write.target, name), old, names.show(name, shown(value), write.connection_id))


def effect(write: Write, names: parameters.Names) -> str:
    """Return one write as text: what is done, to which object, with which values."""
    text = f"{Operation.Verb(write.verb).label}: {write.label}"
    if write.note:
        text = f"{text} ({write.note})"
    if write.verb != Operation.Verb.CHANGE:
        return text
    changes = [f"{change.label} → {change.new}" for change in changes_of(write, names)]
    return f"{text} ({', '.join(changes)})"


def shown(value: Any) -> Any:
    """Return a draft's value, with labels in place of ids that don't exist yet."""
    if isinstance(value, list):
        return [shown(element) for element in value]
    return value.write.label if isinstance(value, NewId) else value
