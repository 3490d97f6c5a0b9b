"""What waits to be written is sent; once a minute, what a process that died was sending is found."""

from offorte_portal.runs.schedules import EACH_MINUTE, schedule
from offorte_portal.writes import draining
from offorte_portal.writes.queue import DRAINING

DRAINING.add(draining.drain)
schedule("sweep", EACH_MINUTE, draining.sweep)
