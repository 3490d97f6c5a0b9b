"""Offorte's objects, one class for each, with fields named as the portal's columns."""

from offorte_portal.api.payloads.account import (
    NamedPayload,
    ProposalTemplatePayload,
    UserPayload,
    WebhookPayload,
)
from offorte_portal.api.payloads.base import Payload, Reading
from offorte_portal.api.payloads.catalog import DirectoryPayload, ProductPayload, VatGroupPayload
from offorte_portal.api.payloads.contacts import CompanyPayload, PersonPayload
from offorte_portal.api.payloads.content import PriceRowPayload, PriceTablePayload, VatLinePayload
from offorte_portal.api.payloads.proposals import ProposalPayload
from offorte_portal.api.payloads.timeline import CommentPayload, EmailPayload, LogEntryPayload, ReceiverPayload

__all__ = [
    "CommentPayload",
    "CompanyPayload",
    "DirectoryPayload",
    "EmailPayload",
    "LogEntryPayload",
    "NamedPayload",
    "Payload",
    "PersonPayload",
    "PriceRowPayload",
    "PriceTablePayload",
    "ProductPayload",
    "ProposalPayload",
    "ProposalTemplatePayload",
    "Reading",
    "ReceiverPayload",
    "UserPayload",
    "VatGroupPayload",
    "VatLinePayload",
    "WebhookPayload",
]
