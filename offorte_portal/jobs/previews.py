"""What a job would do, before anybody has agreed to it. Nothing is written, nobody is asked but the mirror."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from offorte_portal.connections import budget
from offorte_portal.connections.models import Connection
from offorte_portal.jobs import parameters
from offorte_portal.jobs.action import Action, Choice, NewId, Options, Skip, Step, Write
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.jobs.results import Change, Item, Preview
from offorte_portal.jobs.selection import Decision, Sifted, batches, decide, sift
from offorte_portal.writes.models import Operation

SAMPLE, SKIPPED = 10, 100
AT_ONCE = 2_000
# Planning more rows than these takes longer than a person should wait for a page.
COMPUTED = 5_000


def preview(action: Action[Any], selection: Sequence[int], options: Options, by: User) -> Preview:
    """What the action would do with the selection. Raises PermissionDenied."""
    choice = require(action, options, by)
    chosen = action.narrow(list(dict.fromkeys(selection)), options)
    sifted = sift(action, chosen, choice)
    steps: dict[int, int] = {}
    is_estimate = action.is_computed and len(sifted) > COMPUTED
    if action.is_computed and not is_estimate:
        sifted, steps = computed(action, sifted, choice)
    included = [row for row in sifted if not row.reason]
    accounts = Counter(row.connection_id for row in included)
    requests = Counter(
        {key: sum(steps.get(row.pk, 1) for row in included if row.connection_id == key) for key in accounts}
    )
    connections = Connection.objects.in_bulk(accounts)
    missing = len(chosen) - len(sifted)
    return Preview(
        count=len(chosen),
        included=len(included),
        value=worth(action, included),
        value_unknown=sum(row.value is None for row in included) if action.value else 0,
        sample=list(described(action, [row.pk for row in included[:SAMPLE]], choice)),
        skipped=list(described(action, [row.pk for row in sifted if row.reason][:SKIPPED], choice)),
        reasons=Counter(row.reason for row in sifted if row.reason) + Counter({JobReason.MISSING(): missing}),
        accounts={connections[key]: number for key, number in accounts.items()},
        requests=requests.total(),
        seconds=max((budget.forecast(connections[key], number) for key, number in requests.items()), default=0.0),
        warnings=[str(text) for text in action.warnings(chosen, choice)] + estimate_warning(is_estimate),
        cannot_undo=None if action.is_undoable else JobReason.NOT_UNDOABLE(),
    )


def estimate_warning(is_estimate: bool) -> list[str]:
    """That the figures are not exact, where they are not."""
    text = _("With so many rows, some more may turn out to need no change when the job runs.")
    return [text] if is_estimate else []


def items(action: Action[Any], selection: Sequence[int], options: Options, by: User) -> Iterator[Item]:
    """What would become of each selected row, in the selection's order. Raises PermissionDenied at once."""
    choice = require(action, options, by)
    return described(action, action.narrow(list(dict.fromkeys(selection)), options), choice)


def require(action: Action[Any], options: Options, by: User) -> Choice:
    """The choice, if the person may make it. Raises PermissionDenied."""
    if not by.has_perm(action.permission):
        raise PermissionDenied
    return Choice(options, by)


def worth(action: Action[Any], rows: Iterable[Sifted]) -> Decimal | None:
    """What the rows add up to, as far as that is known; None where it means nothing."""
    return sum((row.value for row in rows if row.value is not None), Decimal(0)) if action.value else None


def computed(action: Action[Any], sifted: Sequence[Sifted], choice: Choice) -> tuple[list[Sifted], dict[int, int]]:
    """The rows with what planning them leaves out, too, and how many writes each of the others takes."""
    outcomes: dict[int, Step | Skip] = {}
    for keys in batches([row.pk for row in sifted if not row.reason], AT_ONCE):
        outcomes |= {decision.pk: decision.outcome for decision in decide(action, keys, choice)}
    left_out = {key: outcome.reason for key, outcome in outcomes.items() if isinstance(outcome, Skip)}
    steps = {key: len(outcome.writes) for key, outcome in outcomes.items() if isinstance(outcome, Step)}
    return [row._replace(reason=row.reason or left_out.get(row.pk)) for row in sifted], steps


def described(action: Action[Any], keys: Sequence[int], choice: Choice) -> Iterator[Item]:
    """What becomes of these rows, in words."""
    names = parameters.Names()
    accounts = {connection.pk: str(connection) for connection in Connection.objects.all()}
    for batch in batches(keys, AT_ONCE):
        for decision in decide(action, batch, choice):
            if decision.row is None:
                yield Item(pk=decision.pk, label=f"#{decision.pk}", account="", skip_reason=JobReason.MISSING())
            else:
                yield item(decision, accounts[decision.row.connection_id], names)


def item(decision: Decision, account: str, names: parameters.Names) -> Item:
    """What becomes of one row, in words."""
    row, outcome = decision.row, decision.outcome
    if isinstance(outcome, Skip):
        return Item(pk=decision.pk, label=str(row), account=account, skip_reason=outcome.reason)
    remote_id = row.remote_id if row else None
    own = [write for write in outcome.writes if write.verb == Operation.Verb.CHANGE and write.remote_id == remote_id]
    effects = [effect(write, names) for write in outcome.writes if write not in own]
    changes = [change for write in own for change in changes_of(write, names)]
    return Item(pk=decision.pk, label=str(row), account=account, changes=changes, effects=effects)


def changes_of(write: Write, names: parameters.Names) -> Iterator[Change]:
    """The fields of one write, before and after."""
    for name, value in write.draft.items():
        old = names.show(name, write.before[name], write.connection_id) if name in write.before else None
        yield Change(parameters.label(write.target, name), old, names.show(name, shown(value), write.connection_id))


def effect(write: Write, names: parameters.Names) -> str:
    """One write in words: what is done, to what, with which values."""
    text = f"{Operation.Verb(write.verb).label}: {write.label}"
    if write.note:
        text = f"{text} ({write.note})"
    if write.verb != Operation.Verb.CHANGE:
        return text
    changes = [f"{change.label} → {change.new}" for change in changes_of(write, names)]
    return f"{text} ({', '.join(changes)})"


def shown(value: Any) -> Any:
    """A draft's value, with people's names for the ids that they are yet to get."""
    if isinstance(value, list):
        return [shown(element) for element in value]
    return value.write.label if isinstance(value, NewId) else value
