"""Schedules imports: starts those that are due, and resumes those that nothing works on. Settles finished copies."""

from offorte_portal.other_systems import deciding, runs
from offorte_portal.runs.schedules import EACH_MINUTE, schedule
from offorte_portal.writes.queue import DRAINING

DRAINING.add(lambda connection_id: deciding.settle_made())
schedule("sweep", EACH_MINUTE, runs.request_due, runs.retry_due, runs.resume_stranded)
