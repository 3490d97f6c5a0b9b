from offorte_portal.jobs.registry import register
from proposals.actions.proposals import (
    STATUSES,
    DeleteProposals,
    Refresh,
    Rename,
    SetDesign,
    SetOwner,
    SetText,
    SetValue,
)
from proposals.actions.recipients import SetContacts

register(*STATUSES, position=10)
register(
    SetOwner(), SetDesign(), SetText(), SetContacts(), Rename(), SetValue(), Refresh(), DeleteProposals(), position=30
)
