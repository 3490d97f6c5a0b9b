"""Scheduled work: keep sums up to date, and create follow-ups by rule before people are mailed what is due."""

from offorte_portal.desk import rules, stats
from offorte_portal.runs.schedules import EACH_HOUR, EACH_MINUTE, schedule

schedule("sweep desk", EACH_MINUTE, stats.sweep)
schedule("follow up", EACH_HOUR, rules.apply_rules, first=True)
