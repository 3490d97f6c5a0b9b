"""Why proposals were lost, for the entries and events that say so."""

from collections.abc import Collection

from django.db.models import Q

from offorte_portal.activity.models import Activity
from offorte_portal.tracking.losses import describe
from offorte_portal.tracking.models import Loss


def read_reasons(entries: Collection[Activity]) -> dict[int, str]:
    """Return the reason of each loss among the entries, newest first, in the reader's language, by the entry's key.

    That of a change made here belongs to the change. That of a loss in Offorte was given afterwards, for the newest.
    One query; none if nothing was lost.
    """
    lost = [entry for entry in entries if entry.kind == Activity.Kind.LOST]
    if not lost:
        return {}
    newest: dict[int, Activity] = {}
    for entry in lost:
        newest.setdefault(entry.proposal_id, entry)
    given_later = Q(operation__isnull=True, ended_at__isnull=True, proposal__in=newest)
    of_operations = Q(operation__in=[entry.operation_id for entry in lost if entry.operation_id is not None])
    losses = list(Loss.objects.filter(of_operations | given_later).select_related("reason"))
    by_operation = {loss.operation_id: loss for loss in losses if loss.operation_id is not None}
    by_proposal = {loss.proposal_id: loss for loss in losses if loss.operation_id is None}
    found = {}
    for entry in lost:
        if entry.operation_id is not None:
            loss = by_operation.get(entry.operation_id)
        else:
            loss = by_proposal.get(entry.proposal_id) if newest[entry.proposal_id] is entry else None
        if loss and (text := describe(loss)):
            found[entry.pk] = text
    return found


def explain_operations(operation_ids: Collection[int]) -> dict[int, str]:
    """Return the reasons of changes that marked proposals as lost, by the keys of the changes. One query."""
    losses = Loss.objects.filter(operation__in=operation_ids).select_related("reason")
    return {loss.operation_id: text for loss in losses if loss.operation_id and (text := describe(loss))}
