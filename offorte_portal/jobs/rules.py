"""The rules of every action: rows that are gone, belong to somebody else, or have a pending write.

A row with a pending write of the same field is left out rather than queued behind it. The later job would keep
another "before" than it finds when it runs, so its undo would restore the wrong value.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from offorte_portal.jobs.action import Action, Choice, Rule
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.staff.access import OTHERS
from offorte_portal.staff.identity import identify
from offorte_portal.writes.models import Operation
from proposals.models import Proposal


def rules_of(action: Action[Any], choice: Choice) -> list[Rule]:
    """Return all rules of the action for this choice; the first that matches a row gives the reason."""
    if not action.is_mirrored:
        return list(action.rules(choice))
    return [*general_rules(action, choice), *own_rules(action, choice)]


def general_rules(action: Action[Any], choice: Choice) -> list[Rule]:
    """Return the rules of an action on mirrored rows that hold whatever its options are."""
    rules = [Rule(Q(removed_at__isnull=False), JobReason.REMOVED()), Rule(Q(is_hidden=True), JobReason.HIDDEN())]
    if is_limited(action, choice):
        rules.append(Rule(~identify(choice.by).condition, JobReason.NOT_YOURS()))
    if not action.is_read:
        rules.append(Rule(Exists(_pending(action).filter(verb=Operation.Verb.DELETE)), JobReason.DELETING()))
    return rules


def own_rules(action: Action[Any], choice: Choice) -> list[Rule]:
    """Return the rules that an action on mirrored rows has besides, for these options."""
    rules = list(action.rules(choice))
    fields = () if action.is_read else action.fields(choice.options)
    if not fields:
        return rules
    pending = Exists(_pending(action).filter(draft__has_any_keys=list(fields)))
    return [Rule(pending, JobReason.PENDING()), *rules]


def _pending(action: Action[Any]) -> QuerySet[Operation]:
    return Operation.objects.filter(
        connection=OuterRef("connection_id"),
        target=action.target,
        remote_id=OuterRef("remote_id"),
        state__in=Operation.PENDING,
    )


def is_limited(action: Action[Any], choice: Choice) -> bool:
    """Return whether the person may use the action on their own proposals only."""
    return action.model is Proposal and not choice.by.has_perm(OTHERS)
