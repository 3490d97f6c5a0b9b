from offorte_portal.staff.admin import groups, security_event, staff

__all__ = ["groups", "security_event", "staff"]
