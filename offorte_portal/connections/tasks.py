"""Once a day tokens that end soon are renewed."""

from offorte_portal.connections import tokens
from offorte_portal.runs.schedules import EACH_DAY, schedule

schedule("refresh tokens", EACH_DAY, tokens.request_due)
