"""The schedules of webhooks: draining events, keeping webhooks registered, and deleting old events."""

from offorte_portal.runs.schedules import EACH_HOUR, EACH_MINUTE, schedule
from offorte_portal.webhooks import inbox, intake, registration, retention

schedule("sweep", EACH_MINUTE, inbox.sweep, intake.make_up, registration.sweep)
schedule("check webhooks", EACH_HOUR, registration.request_all, retention.drop_old, retention.empty_old_bodies)
