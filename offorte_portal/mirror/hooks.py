"""Removes the mirrored rows of a disconnected account, unless they are kept."""

from offorte_portal.connections.hooks import Hooks, register
from offorte_portal.connections.models import Connection
from offorte_portal.mirror.wiping import queue_removal


def disconnected(connection: Connection, keep_mirror: bool) -> None:
    if not keep_mirror:
        queue_removal(connection.pk)


register(Hooks(disconnected=disconnected))
