from offorte_portal.staff.models.names import shown_name
from offorte_portal.staff.models.offorte_user_link import OfforteUserLink
from offorte_portal.staff.models.preferences import Preferences
from offorte_portal.staff.models.security_event import SecurityEvent

__all__ = ["OfforteUserLink", "Preferences", "SecurityEvent", "shown_name"]
