"""Scheduled work: mail people the follow-ups that are due."""

from offorte_portal.runs.schedules import EACH_HOUR, schedule
from offorte_portal.tracking import digest

schedule("follow up", EACH_HOUR, digest.mail_due)
