"""Scheduled work: mail notifications, and delete old ones."""

from offorte_portal.activity import mailing, retention
from offorte_portal.runs.schedules import EACH_HOUR, EACH_MINUTE, schedule

schedule("mail notifications", EACH_MINUTE, mailing.mail_due)
schedule("tidy activity", EACH_HOUR, retention.drop_old)
