"""Without an account its rows go, unless they are to be kept."""

from offorte_portal.connections.hooks import Hooks, register
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.wiping import queue_removal


def disconnected(connection: Connection, keep_mirror: bool) -> None:
    """Remove what was mirrored, unless it is to be kept."""
    if not keep_mirror:
        queue_removal(connection.pk)


register(Hooks(disconnected=disconnected))
