"""Schedules imports and matching: starts what is due, and resumes what nothing works on. Settles ended copies."""

from offorte_portal.other_systems import copying, deciding, rematching, runs
from offorte_portal.other_systems.moving import reading
from offorte_portal.runs.schedules import EACH_DAY, EACH_MINUTE, schedule
from offorte_portal.writes.queue import DRAINING

DRAINING.add(lambda connection_id: deciding.settle_made())
DRAINING.add(lambda connection_id: copying.release_undone())
schedule("sweep", EACH_MINUTE, runs.request_due, runs.retry_due, runs.resume_stranded, reading.resume_stranded)
schedule("match customers", EACH_DAY, rematching.match_each_day)
