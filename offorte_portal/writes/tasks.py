"""The tasks of operations: the drain of an account, and once a minute the sweep for what was left behind."""

from offorte_portal.runs.schedules import EACH_MINUTE, schedule
from offorte_portal.writes import draining
from offorte_portal.writes.queue import DRAINING

DRAINING.add(draining.drain)
schedule("sweep", EACH_MINUTE, draining.sweep)
