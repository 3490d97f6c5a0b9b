"""Where proposals stand, and the sums of that, from the change feed."""

from collections.abc import Sequence

from django.db.models import F, Q

from offorte_portal.changes.models import Change
from offorte_portal.changes.registry import Follower, register
from offorte_portal.desk import rollups, standings
from proposals.mirror import PROPOSALS
from proposals.models import Proposal

# Keys that are looked at in one query, for rows are wide, and proposals that are worked out in one transaction.
STRETCH = 25_000
MOST_AT_ONCE = 500
# A sync brings many changes of the same months: they are added up by the sweep.
AT_ONCE = {Change.Source.EVENT, Change.Source.WRITE}


def follow(connection_id: int | None, changes: Sequence[Change]) -> None:
    """Work out where the proposals stand that changed, and add up at once what people wait for."""
    if connection_id is None:
        return
    changed = {remote_id for change in changes for remote_id in change.remote_ids}
    found = Proposal.objects.filter(connection_id=connection_id, remote_id__in=changed)
    standings.refresh(list(found.order_by("pk").values_list("pk", flat=True)))
    if not AT_ONCE.isdisjoint(change.source for change in changes):
        rollups.rebuild_due(connection_id=connection_id)


def rebuild(connection_id: int, position: int) -> int | None:
    """Work out where proposals stand of which that is not known, or no longer so."""
    end = position + STRETCH
    stale = Proposal.objects.filter(find_stale(), connection_id=connection_id, pk__gt=position, pk__lte=end)
    keys = list(stale.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    standings.refresh(keys)
    if len(keys) == MOST_AT_ONCE:
        return keys[-1]
    later = Proposal.objects.filter(connection_id=connection_id, pk__gt=end)
    following = later.order_by("pk").values_list("pk", flat=True).first()
    return None if following is None else following - 1


def find_stale() -> Q:
    """The condition that a proposal's standing is missing, of an earlier moment, or of a proposal that is gone."""
    unknown = Q(standing__isnull=True, removed_at__isnull=True)
    gone = Q(standing__isnull=False, removed_at__isnull=False)
    changed = Q(standing__isnull=False, removed_at__isnull=True) & ~Q(standing__as_of=F("as_of"))
    return unknown | gone | changed


register(Follower(name="desk", kinds=[PROPOSALS.name], follow=follow, rebuild=rebuild))
