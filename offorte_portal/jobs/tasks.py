"""Ends jobs once everything is sent, and continues those that no process works on."""

from offorte_portal.jobs import control
from offorte_portal.jobs.ending import finish_ended
from offorte_portal.runs.schedules import EACH_MINUTE, schedule
from offorte_portal.writes.queue import DRAINING

DRAINING.add(lambda connection_id: finish_ended())
schedule("sweep", EACH_MINUTE, control.sweep)
