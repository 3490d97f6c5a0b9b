"""Keeping stats and sums up to date from the change feed."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import F, Q, QuerySet

from offorte_portal.changes.models import Change
from offorte_portal.changes.registry import Follower, register
from offorte_portal.desk import loss_rollups, rollups, stats
from offorte_portal.desk.models import ProposalStats
from offorte_portal.desk.rollups import Month
from offorte_portal.tracking.losses import LOSSES
from proposals.mirror import PROPOSALS
from proposals.models import Proposal

# The range of keys that one query scans, because rows are wide; and the proposals refreshed in one transaction.
STRETCH = 25_000
MOST_AT_ONCE = 500
# Sources that people wait for. A sync changes the same months many times: the sweep adds those up.
AT_ONCE = {Change.Source.EVENT, Change.Source.WRITE}


def follow(connection_id: int | None, changes: Sequence[Change]) -> None:
    """Refresh the stats of changed proposals, and rebuild sums at once if people wait for them."""
    if connection_id is None:
        return
    changed = {remote_id for change in changes for remote_id in change.remote_ids}
    found = Proposal.objects.filter(connection_id=connection_id, remote_id__in=changed)
    stats.refresh(list(found.order_by("pk").values_list("pk", flat=True)))
    if not AT_ONCE.isdisjoint(change.source for change in changes):
        rollups.rebuild_due(connection_id=connection_id)


def rebuild(connection_id: int, position: int) -> int | None:
    """Refresh stats that are missing, outdated or left from before removal, after a primary key.

    Return where to go on, None at the end.
    """
    end = position + STRETCH
    unknown = Q(stats__isnull=True, removed_at__isnull=True)
    gone = Q(stats__isnull=False, removed_at__isnull=False)
    changed = Q(stats__isnull=False, removed_at__isnull=True) & ~Q(stats__as_of=F("as_of"))
    stale = Proposal.objects.filter(unknown | gone | changed, connection_id=connection_id, pk__gt=position, pk__lte=end)
    keys = list(stale.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    stats.refresh(keys)
    if len(keys) == MOST_AT_ONCE:
        return keys[-1]
    later = Proposal.objects.filter(connection_id=connection_id, pk__gt=end)
    following = later.order_by("pk").values_list("pk", flat=True).first()
    return None if following is None else following - 1


def follow_losses(connection_id: int | None, changes: Sequence[Change]) -> None:
    """Add up the months of proposals whose lost reason was given or corrected."""
    changed = {remote_id for change in changes for remote_id in change.remote_ids}
    lost = _find_lost(connection_id).filter(proposal__remote_id__in=changed)
    months = set(lost.values_list("connection_id", "decided_month"))
    rollups.note([Month(account, rollups.Basis.DECIDED, month) for account, month in months])
    rollups.rebuild_due(connection_id=connection_id)


def rebuild_losses(connection_id: int, position: int) -> int | None:
    """Add up the first month with a lost proposal after a day, given as its ordinal, which is returned.

    Return None after the last month.
    """
    later = _find_lost(connection_id).filter(decided_month__gt=date.fromordinal(max(position, 1)))
    month = later.order_by("decided_month").values_list("decided_month", flat=True).first()
    if month is None:
        return None
    with transaction.atomic():
        rollups.rebuild(Month(connection_id, rollups.Basis.DECIDED, month))
    return month.toordinal()


def _find_lost(connection_id: int | None) -> QuerySet[ProposalStats]:
    return ProposalStats.objects.filter(connection=connection_id, status=Proposal.Status.LOST)


register(Follower(name="desk", kinds=[PROPOSALS.name], follow=follow, rebuild=rebuild))
# Its own, so that it adds up all months where they are new.
register(Follower(name=loss_rollups.FOLLOWER, kinds=[LOSSES], follow=follow_losses, rebuild=rebuild_losses))
