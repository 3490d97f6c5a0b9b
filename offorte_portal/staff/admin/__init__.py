from offorte_portal.staff.admin import groups, security_event

__all__ = ["groups", "security_event"]
