from proposals.admin.proposal import ProposalAdmin
from proposals.admin.templates import AccountUserAdmin, NamedThingAdmin, ProposalTemplateAdmin

__all__ = ["AccountUserAdmin", "NamedThingAdmin", "ProposalAdmin", "ProposalTemplateAdmin"]
