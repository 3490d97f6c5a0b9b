"""Schedules the continuation of interrupted removals."""

from offorte_portal.mirror import wiping
from offorte_portal.runs.schedules import EACH_MINUTE, schedule

schedule("sweep", EACH_MINUTE, wiping.resume_removals)
