from proposals.models.account_user import AccountUser
from proposals.models.content import PriceRow, PriceTable
from proposals.models.proposal import Proposal
from proposals.models.templates import (
    AutomationSet,
    DesignTemplate,
    EmailTemplate,
    NamedRow,
    ProposalTemplate,
    TextTemplate,
)
from proposals.models.timeline import Comment, LogEntry, Receiver, SentEmail

__all__ = [
    "AccountUser",
    "AutomationSet",
    "Comment",
    "DesignTemplate",
    "EmailTemplate",
    "LogEntry",
    "NamedRow",
    "PriceRow",
    "PriceTable",
    "Proposal",
    "ProposalTemplate",
    "Receiver",
    "SentEmail",
    "TextTemplate",
]
