from offorte_portal.activity.models.activity import Activity, ActivityState
from offorte_portal.activity.models.notification import Notification, NotificationChoice, NotificationMailbox

__all__ = ["Activity", "ActivityState", "Notification", "NotificationChoice", "NotificationMailbox"]
