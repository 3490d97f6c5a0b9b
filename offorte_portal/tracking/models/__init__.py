from offorte_portal.tracking.models.follow_up import FollowUp
from offorte_portal.tracking.models.loss import WORDS_LENGTH, Loss
from offorte_portal.tracking.models.lost_reason import LostReason

__all__ = ["WORDS_LENGTH", "FollowUp", "Loss", "LostReason"]
