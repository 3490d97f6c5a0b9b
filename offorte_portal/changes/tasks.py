"""Scheduled work: follow changes left by a crash, and delete old ones."""

from offorte_portal.changes import following
from offorte_portal.runs.schedules import EACH_HOUR, EACH_MINUTE, schedule

schedule("sweep desk", EACH_MINUTE, following.sweep)
schedule("tidy activity", EACH_HOUR, following.drop_old)
