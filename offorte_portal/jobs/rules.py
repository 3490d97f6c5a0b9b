"""What every action leaves out: what is gone, what is somebody else's, what another write is about to change.

A row with a waiting write of the same field is left out rather than queued behind it: what the later job would keep
as "before" is not what it would find, so that its undo would bring back the wrong value.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from offorte_portal.jobs.action import Action, Choice, Rule
from offorte_portal.jobs.reasons import JobReason
from offorte_portal.staff.access import OTHERS
from offorte_portal.staff.identity import identify
from offorte_portal.writes.models import Operation
from proposals.models import Proposal


def rules_of(action: Action[Any], choice: Choice) -> list[Rule]:
    """Every rule that the action has for this choice, in the order in which they give their reason."""
    common = common_rules(action, choice) if action.is_mirrored else ()
    return [*common, *action.rules(choice)]


def common_rules(action: Action[Any], choice: Choice) -> Iterator[Rule]:
    """What is left out whatever the action."""
    yield Rule(Q(removed_at__isnull=False), JobReason.REMOVED())
    yield Rule(Q(is_hidden=True), JobReason.HIDDEN())
    if is_limited(action, choice):
        yield Rule(~identify(choice.by).condition, JobReason.NOT_YOURS())
    if not action.is_read:
        pending = pending_writes(action.target)
        yield Rule(Exists(pending.filter(verb=Operation.Verb.DELETE)), JobReason.DELETING())
        if fields := action.fields(choice.options):
            yield Rule(Exists(pending.filter(draft__has_any_keys=list(fields))), JobReason.PENDING())


def is_limited(action: Action[Any], choice: Choice) -> bool:
    """Whether the person may use the action on their own proposals only."""
    return action.model is Proposal and not choice.by.has_perm(OTHERS)


def pending_writes(target: str) -> QuerySet[Operation]:
    """The writes of the outer query's row that have not ended."""
    return Operation.objects.filter(
        connection=OuterRef("connection_id"),
        target=target,
        remote_id=OuterRef("remote_id"),
        state__in=Operation.PENDING,
    )
