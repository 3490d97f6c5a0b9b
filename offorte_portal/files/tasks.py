"""Scheduled tasks: resume exports and uploads that no process works on, and remove old files."""

from offorte_portal.files.exports import retention, running
from offorte_portal.files.imports import storing, work
from offorte_portal.runs.schedules import EACH_HOUR, EACH_MINUTE, schedule

schedule("sweep", EACH_MINUTE, running.resume_stranded, work.resume_stranded, retention.drop_old)
schedule("check webhooks", EACH_HOUR, storing.drop_old)
