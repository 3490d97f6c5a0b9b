from offorte_portal.compose.models.approval import Approval, ApprovalSettings
from offorte_portal.compose.models.draft import Draft

__all__ = ["Approval", "ApprovalSettings", "Draft"]
