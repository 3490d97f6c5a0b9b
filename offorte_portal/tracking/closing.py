"""Follow-ups end by themselves when their proposal is decided or deleted, and come back if that is undone.

1. Deleted at Offorte: all its open follow-ups end.
2. Won, lost or closed: those that a rule made end. Those made by hand stay: the delivery or the invoice may still need
   a call. The list shows the status beside them.
3. Neither any more: those that ended for that reason are open again, unless a person has finished them.
"""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from offorte_portal import ports
from offorte_portal.changes.models import Change
from offorte_portal.changes.registry import Follower
from offorte_portal.tracking.models import FollowUp
from proposals.mirror import PROPOSALS
from proposals.models import Proposal

Ended = FollowUp.Ended
AT_ONCE = 500
GONE = Q(proposal__removed_at__isnull=False)
DECIDED = Q(proposal__status__in=Proposal.DECIDED)


def close(rows: QuerySet[FollowUp]) -> None:
    """End and reopen these follow-ups by where their proposals stand. Three statements."""
    now = ports.now()
    still_open = rows.filter(done_at__isnull=True)
    _of(still_open.filter(GONE)).update(done_at=now, ended=Ended.DELETED)
    by_rule = still_open.exclude(rule=FollowUp.Rule.NONE).filter(DECIDED)
    _of(by_rule).update(done_at=now, ended=Ended.DECIDED)
    back = rows.filter(Q(ended=Ended.DELETED) | Q(ended=Ended.DECIDED) & ~DECIDED).exclude(GONE)
    _of(back).update(done_at=None, ended="", mailed_on=None)


def _of(rows: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(pk__in=rows.order_by().values("pk"))


def follow(connection_id: int | None, changes: Sequence[Change]) -> None:
    """End the follow-ups of changed proposals."""
    changed = {remote_id for change in changes for remote_id in change.remote_ids}
    if connection_id is not None and changed:
        close(FollowUp.objects.filter(connection_id=connection_id, proposal__remote_id__in=changed))


def rebuild(connection_id: int, position: int) -> int | None:
    """Look at the next follow-ups after a primary key that may have to end or to come back."""
    may_change = Q(done_at__isnull=True) | ~Q(ended__in=["", Ended.ANSWERED])
    rows = FollowUp.objects.filter(may_change, connection_id=connection_id, pk__gt=position).order_by("pk")
    keys = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    close(FollowUp.objects.filter(pk__in=keys))
    return keys[-1] if len(keys) == AT_ONCE else None


FOLLOWER = Follower(name="follow_ups", kinds=[PROPOSALS.name], follow=follow, rebuild=rebuild)
