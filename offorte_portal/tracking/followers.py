"""Ending losses of proposals that are no longer lost: reopened, won or undone, in the portal or in Offorte."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from offorte_portal import ports
from offorte_portal.changes.models import Change
from offorte_portal.changes.registry import Follower, register
from offorte_portal.tracking import closing
from offorte_portal.tracking.models import Loss
from offorte_portal.writes.models import Operation
from proposals.mirror import PROPOSALS
from proposals.models import Proposal


def follow(connection_id: int | None, changes: Sequence[Change]) -> None:
    """End the losses of changed proposals that are not lost."""
    changed = {remote_id for change in changes for remote_id in change.remote_ids}
    end_over(Loss.objects.filter(proposal__connection=connection_id, proposal__remote_id__in=changed))


def rebuild(connection_id: int, position: int) -> None:
    """End the losses of all proposals of the account that are not lost."""
    end_over(Loss.objects.filter(connection=connection_id))


def end_over(losses: QuerySet[Loss]) -> None:
    """End those whose proposal is not lost, unless its change is pending, or was not done and may be retried."""
    was_lost = Q(operation__isnull=True) | Q(operation__state__in=[Operation.State.DONE, Operation.State.UNDONE])
    over = losses.filter(was_lost, ended_at__isnull=True).exclude(proposal__status=Proposal.Status.LOST)
    over.update(ended_at=ports.now())


register(Follower(name="losses", kinds=[PROPOSALS.name], follow=follow, rebuild=rebuild))
register(closing.FOLLOWER)
