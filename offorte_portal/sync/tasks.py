"""Syncs and readings of details that are due begin, and those that nothing works on go on."""

from offorte_portal.runs.schedules import EACH_MINUTE, schedule
from offorte_portal.sync import runs
from offorte_portal.sync.reading import reader

schedule("sweep", EACH_MINUTE, runs.request_due, runs.resume_stranded, reader.sweep)
