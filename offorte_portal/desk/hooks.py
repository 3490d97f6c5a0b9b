"""With an account's proposals their sums go."""

from offorte_portal.connections.hooks import Hooks, register
from offorte_portal.desk.models import Rollup, RollupDue


def wiped(connection_id: int) -> None:
    """Drop the sums of an account of which nothing is mirrored any more."""
    Rollup.objects.filter(connection_id=connection_id).delete()
    RollupDue.objects.filter(connection_id=connection_id).delete()


register(Hooks(wiped=wiped))
