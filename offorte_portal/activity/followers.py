"""Making entries and notifications from the change feed."""

from collections.abc import Sequence
from datetime import datetime

from offorte_portal.activity.collection import collect, note
from offorte_portal.activity.models import Notification
from offorte_portal.changes.models import Change
from offorte_portal.changes.registry import Follower, register
from offorte_portal.files.exports.running import EXPORT_DONE
from offorte_portal.files.models import Export
from proposals.mirror import PROPOSALS
from proposals.models import Proposal

MOST_AT_ONCE = 100


def follow(connection_id: int | None, changes: Sequence[Change]) -> None:
    """Take in the events, then what else the mirror now holds of the proposals that changed.

    People who asked for a file are notified that it is ready.
    A change from a list makes no entry: the proposal's details follow, and tell when it happened and by whom.
    """
    changed: set[int] = set()
    for change in changes:
        if change.kind == EXPORT_DONE:
            for export in Export.objects.filter(pk__in=[fact["export_id"] for fact in change.facts]):
                if export.requested_by is not None:
                    Notification.objects.get_or_create(export=export, defaults={"user": export.requested_by})
        elif connection_id is not None and change.source != Change.Source.SYNC:
            for fact in change.facts:
                note(
                    connection_id=connection_id,
                    name=fact["event"],
                    remote_id=fact["remote_id"],
                    happened_at=datetime.fromisoformat(fact["at"]),
                    status=fact["status"] if isinstance(fact["status"], str) else "",
                )
            changed |= set(change.remote_ids) - {fact["remote_id"] for fact in change.facts}
    if connection_id is not None:
        found = Proposal.objects.filter(connection_id=connection_id, remote_id__in=changed)
        for pk in found.order_by("pk").values_list("pk", flat=True):
            collect(pk)


def rebuild(connection_id: int, position: int) -> int | None:
    """Collect for proposals whose details were read but that were never collected for. Nobody is notified."""
    missed = Proposal.objects.filter(
        connection_id=connection_id,
        pk__gt=position,
        details_as_of__isnull=False,
        activity_state__isnull=True,
        removed_at__isnull=True,
    )
    keys = list(missed.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    for pk in keys:
        collect(pk)
    return keys[-1] if len(keys) == MOST_AT_ONCE else None


register(Follower(name="activity", kinds=[PROPOSALS.name, EXPORT_DONE], follow=follow, rebuild=rebuild))
