"""Scheduled work: add up what a sync has changed."""

from offorte_portal import ports
from offorte_portal.prices import rollups
from offorte_portal.runs.schedules import EACH_MINUTE, schedule

SECONDS = 20.0


def sweep() -> None:
    """Add up the months that were noted, for `SECONDS` at most."""
    rollups.rebuild_due(ports.monotonic() + SECONDS)


schedule("sweep desk", EACH_MINUTE, sweep)
