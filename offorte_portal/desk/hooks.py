"""Deleting an account's sums along with its proposals."""

from offorte_portal.connections.hooks import Hooks, register
from offorte_portal.desk.models import LossRollup, PendingLoss, Rollup, RollupDue


def wiped(connection_id: int) -> None:
    """Delete the sums of an account that is no longer mirrored."""
    for model in (Rollup, RollupDue, LossRollup, PendingLoss):
        model.objects.filter(connection_id=connection_id).delete()


register(Hooks(wiped=wiped))
