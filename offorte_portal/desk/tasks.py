"""Sums are brought up to date; rules make their follow-ups before people are mailed what is due."""

from offorte_portal.desk import rules, standings
from offorte_portal.runs.schedules import EACH_HOUR, EACH_MINUTE, schedule

schedule("sweep desk", EACH_MINUTE, standings.sweep)
schedule("follow up", EACH_HOUR, rules.apply_rules, first=True)
