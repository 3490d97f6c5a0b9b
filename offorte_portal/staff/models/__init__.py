from offorte_portal.staff.models.security_event import SecurityEvent

__all__ = ["SecurityEvent"]
