"""The schedules of syncs: starting those that are due, resuming those that stopped, and reading details."""

from offorte_portal.runs.schedules import EACH_MINUTE, schedule
from offorte_portal.sync import runs
from offorte_portal.sync.reading import reader

schedule("sweep", EACH_MINUTE, runs.request_due, runs.resume_stranded, reader.sweep)
