from proposals.admin.proposal import ProposalAdmin
from proposals.admin.templates import AccountUserAdmin, NamedRowAdmin, ProposalTemplateAdmin

__all__ = ["AccountUserAdmin", "NamedRowAdmin", "ProposalAdmin", "ProposalTemplateAdmin"]
