from offorte_portal.tracking.models.dismissed_pair import DismissedPair
from offorte_portal.tracking.models.follow_up import NOTE_LENGTH, Digest, FollowUp
from offorte_portal.tracking.models.loss import WORDS_LENGTH, Loss
from offorte_portal.tracking.models.lost_reason import LostReason
from offorte_portal.tracking.models.note import TEXT_LENGTH, Note

__all__ = [
    "NOTE_LENGTH",
    "TEXT_LENGTH",
    "WORDS_LENGTH",
    "Digest",
    "DismissedPair",
    "FollowUp",
    "Loss",
    "LostReason",
    "Note",
]
