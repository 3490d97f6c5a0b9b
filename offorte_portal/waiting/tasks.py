"""The schedule that deletes answers which nobody has come for."""

from offorte_portal.runs.schedules import EACH_MINUTE, schedule
from offorte_portal.waiting import holding

schedule("sweep", EACH_MINUTE, holding.drop_old)
