"""Schedules the daily refresh of tokens that expire soon."""

from offorte_portal.connections import tokens
from offorte_portal.runs.schedules import EACH_DAY, schedule

schedule("refresh tokens", EACH_DAY, tokens.request_due)
