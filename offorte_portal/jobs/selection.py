"""The selected rows: which of them the rules leave out, and what the action plans for the others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from django.contrib.auth.models import User
from django.db.models import BooleanField, Case, DecimalField, F, IntegerField, QuerySet, Value, When

from offorte_portal.jobs.action import Action, Choice, M, Rule, Skip, Step
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.jobs.rules import general_rules, own_rules, rules_of
from offorte_portal.mirror.models import Mirrored
from offorte_portal.text.reason import Reason
from offorte_portal.writes.reasons import WriteReason

T = TypeVar("T")
# The number of parameters that databases take in one query.
AT_ONCE = 10_000
ALWAYS = ("remote_id", "connection", "removed_at")
OWN = ("remote_id", "connection")


class CheckedRow(NamedTuple):
    """A selected row with its value, and the reason of the first rule that leaves it out or None."""

    pk: int
    connection_id: int
    value: Decimal | None
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What will become of a selected row; `row` is None if the portal no longer has it."""

    pk: int
    row: Mirrored | None
    outcome: Step | Skip


def batches(keys: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield slices of at most `size` elements."""
    return (keys[start : start + size] for start in range(0, len(keys), size))


def check_rows(action: Action[Any], selection: Sequence[int], choice: Choice) -> list[CheckedRow]:
    """Return the selected rows that exist, in the selection's order. One query per 10,000 rows, no instances."""
    rules = rules_of(action, choice)
    value = F(action.value) if action.value else Value(None, DecimalField())
    rows: list[CheckedRow] = []
    for keys in batches(selection, AT_ONCE):
        columns = narrowed(action, keys, rules).values_list("pk", "connection_id", value, "rule")
        found = {
            pk: CheckedRow(pk, account, worth, None if rule is None else rules[rule].reason)
            for pk, account, worth, rule in columns
        }
        rows += [found[key] for key in keys if key in found]
    return rows


def find_applicable(actions: Sequence[Action[M]], row: M, by: User) -> list[Action[M]]:
    """Return those of these actions of the row's model that take this row, as far as that is known before their options
    are. One query.
    """
    choice = Choice({}, by)
    # Most rules are those of several actions, and are looked at once.
    rules = {f"{action.target} {action.is_read}": general_rules(action, choice) for action in actions}
    rules |= {action.name: own_rules(action, choice) for action in actions if action.is_fixed}
    cases = [
        Case(*(When(rule.condition, then=True) for rule in found), default=False, output_field=BooleanField())
        for found in rules.values()
    ]
    answer = type(row)._default_manager.filter(pk=row.pk).order_by().values_list(*cases).first() if cases else None
    if answer is None:
        return []
    left_out = {key for key, is_left_out in zip(rules, answer, strict=True) if is_left_out}
    return [action for action in actions if left_out.isdisjoint({f"{action.target} {action.is_read}", action.name})]


def narrowed(action: Action[Any], keys: Sequence[int], rules: Sequence[Rule]) -> QuerySet[Any]:
    """Return these rows, annotated with `rule`: the number of the first rule that leaves it out."""
    cases = [When(rule.condition, then=Value(number)) for number, rule in enumerate(rules)]
    rows: QuerySet[Any] = action.model._default_manager.filter(pk__in=keys)
    return rows.annotate(rule=Case(*cases, default=None, output_field=IntegerField(null=True)))  # type: ignore[no-any-return]


def read_statuses(action: Action[Any], selection: Sequence[int]) -> dict[int, str]:
    """Return the status of each selected row, for an action that gives rows another one; otherwise nothing."""
    if not action.is_deciding:
        return {}
    found: dict[int, str] = {}
    for keys in batches(selection, AT_ONCE):
        found |= action.model._default_manager.filter(pk__in=keys).values_list("pk", "status")
    return found


def hold_to(statuses: Mapping[int, str], decisions: Iterable[Decision]) -> Iterator[Decision]:
    """Yield the decisions; a row whose status is no longer the one in `statuses` is left out."""
    for decision in decisions:
        now = getattr(decision.row, "status", "")
        if isinstance(decision.outcome, Skip) or statuses.get(decision.pk, now) == now:
            yield decision
        else:
            yield replace(decision, outcome=Skip(WriteReason.STATUS_CHANGED(status=now)))


def decide(action: Action[Any], keys: Sequence[int], choice: Choice) -> Iterator[Decision]:
    """Yield the decision about each of these rows, in their order; for a few thousand rows at most."""
    rules = rules_of(action, choice)
    always = ALWAYS if action.is_mirrored else OWN
    rows = {row.pk: row for row in narrowed(action, keys, rules).only(*always, *action.columns)}
    fit = [rows[key] for key in keys if key in rows and rows[key].rule is None]
    planned = dict(zip([row.pk for row in fit], action.plan(fit, choice), strict=True))
    for key in keys:
        row = rows.get(key)
        if row is None:
            yield Decision(key, None, Skip(JobReason.MISSING()))
        else:
            yield Decision(key, row, planned[key] if row.rule is None else Skip(rules[row.rule].reason))
