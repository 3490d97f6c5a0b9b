"""Bringing up to date what follows from rows that a test has put into the mirror itself."""

from offorte_portal.changes import following
from offorte_portal.changes.recording import read_again
from offorte_portal.connections.models import Connection
from offorte_portal.desk import stats


def bring_up_to_date() -> None:
    """Let the followers work out all accounts from the mirror, and add up what comes of it."""
    for connection in Connection.objects.all():
        read_again(connection.pk)
    following.sweep()
    stats.sweep()
