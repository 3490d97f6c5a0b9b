"""Scheduled tasks: remove old events from the security log, and expired sessions."""

from offorte_portal.runs.schedules import EACH_HOUR, schedule
from offorte_portal.staff import retention, sessions

schedule("check webhooks", EACH_HOUR, retention.drop_old, sessions.drop_expired)
