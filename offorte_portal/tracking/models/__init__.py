from offorte_portal.tracking.models.follow_up import FollowUp

__all__ = ["FollowUp"]
