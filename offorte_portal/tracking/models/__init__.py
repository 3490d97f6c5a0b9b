from offorte_portal.tracking.models.dismissed_pair import DismissedPair
from offorte_portal.tracking.models.follow_up import NOTE_LENGTH, Digest, FollowUp
from offorte_portal.tracking.models.loss import WORDS_LENGTH, Loss
from offorte_portal.tracking.models.lost_reason import LostReason

__all__ = ["NOTE_LENGTH", "WORDS_LENGTH", "Digest", "DismissedPair", "FollowUp", "Loss", "LostReason"]
