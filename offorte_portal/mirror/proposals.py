"""Proposals: list items by status, and the parts that their details hold."""

from collections.abc import Iterable, Mapping
from typing import Any

from contacts.models import Company
from offorte_portal.api.payloads import (
    CommentPayload,
    EmailPayload,
    LogEntryPayload,
    PriceRowPayload,
    PriceTablePayload,
    ProposalPayload,
    ReceiverPayload,
    VatLinePayload,
)
from offorte_portal.mirror.resource import Children, Json, Link, Resource, searchable
from proposals.models import (
    AccountUser,
    Comment,
    DesignTemplate,
    LogEntry,
    PriceRow,
    PriceTable,
    Proposal,
    Receiver,
    SentEmail,
    TextTemplate,
)

# Open ones first: they are what staff look for while the rest is still being read.
STATUSES = ("open", "edit", "won", "lost", "closed")


def statuses(connection_id: int) -> Iterable[str]:
    """The lists that Offorte keeps proposals in, by status."""
    return STATUSES


def proposal_search(proposal: Mapping[str, Any]) -> str:
    """Number, name, company, owner, and the names and e-mails of those who received it."""
    keys = ("proposal_nr", "name", "company_name", "account_user_name")
    receivers = [receiver for receiver in proposal.get("receivers") or () if isinstance(receiver, dict)]
    theirs = [receiver.get(key) for receiver in receivers for key in ("fullname", "email")]
    return searchable(*(proposal.get(key) for key in keys), *theirs)


def read_vat_lines(values: Json, raw: Json) -> None:
    """Bring a price table's VAT lines to names and decimal strings."""
    lines = [VatLinePayload.read(line).values for line in values.get("vat_lines") or () if isinstance(line, dict)]
    values["vat_lines"] = [
        {key: str(value) if value is not None else None for key, value in line.items()} for line in lines
    ]


PRICE_ROWS = Children(model=PriceRow, path=("rows",), payload=PriceRowPayload, parent="table_id")

PROPOSALS = Resource(
    name="proposals",
    model=Proposal,
    payload=ProposalPayload,
    links=(
        Link(column="company", source="company_remote_id", target=Company),
        Link(column="owner", source="owner_remote_id", target=AccountUser),
        Link(column="design_template", source="design_template_remote_id", target=DesignTemplate),
        Link(column="text_template", source="text_template_remote_id", target=TextTemplate),
    ),
    children=(
        Children(
            model=PriceTable,
            path=("content", "pricetables"),
            payload=PriceTablePayload,
            parent="proposal_id",
            complete=read_vat_lines,
            children=(PRICE_ROWS,),
        ),
        Children(model=Comment, path=("comments",), payload=CommentPayload, parent="proposal_id", key="remote_id"),
        Children(model=LogEntry, path=("logs", "history"), payload=LogEntryPayload, parent="proposal_id"),
        Children(model=SentEmail, path=("emails",), payload=EmailPayload, parent="proposal_id", key="remote_id"),
        Children(
            model=Receiver,
            path=("receivers",),
            payload=ReceiverPayload,
            parent="proposal_id",
            key="remote_id",
        ),
    ),
    search=proposal_search,
    bucket="status",
    buckets=statuses,
    has_get=True,
)
