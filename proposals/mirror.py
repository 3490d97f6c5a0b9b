"""How proposals with their details, templates, automation sets and the account's users are mirrored."""

from collections.abc import Iterable, Mapping
from typing import Any

from contacts.models import Company
from offorte_portal.api.payloads import (
    CommentPayload,
    EmailPayload,
    LogEntryPayload,
    NamedPayload,
    PriceRowPayload,
    PriceTablePayload,
    ProposalPayload,
    ProposalTemplatePayload,
    ReceiverPayload,
    UserPayload,
    VatLinePayload,
)
from offorte_portal.mirror.items import listed
from offorte_portal.mirror.omissions import AMOUNT, Key, Kind
from offorte_portal.mirror.registry import register
from offorte_portal.mirror.resource import Children, Json, Link, Resource
from offorte_portal.mirror.search_parts import Place, SearchPart, addresses, named
from proposals.models import (
    AccountUser,
    AutomationSet,
    Comment,
    DesignTemplate,
    EmailTemplate,
    LogEntry,
    PriceRow,
    PriceTable,
    Proposal,
    ProposalTemplate,
    Receiver,
    SentEmail,
    TextTemplate,
)

# Open ones first: they are what staff look for while the rest is still being read.
STATUSES = ("open", "edit", "won", "lost", "closed")


def statuses(connection_id: int) -> Iterable[str]:
    """Return the statuses, since Offorte has one list of proposals per status."""
    return STATUSES


def proposal_search(proposal: Mapping[str, Any]) -> list[SearchPart]:
    """Return what a proposal is found by: name, company, number, owner, and its receivers with their addresses."""
    get = proposal.get
    receivers = [receiver for receiver in listed(get("receivers")) if isinstance(receiver, dict)]
    return [
        *named(Place.NAME, get("name"), get("company_name")),
        *named(Place.NUMBER, get("proposal_nr")),
        *named(Place.PERSON, get("account_user_name"), *(receiver.get("fullname") for receiver in receivers)),
        *addresses(*(receiver.get("email") for receiver in receivers)),
    ]


def settle_last_view(values: Json, proposal: Json) -> None:
    """Set the last view to the later of the two times that Offorte sends: that of its list and that of its log."""
    logs = proposal.get("logs")
    summary = logs.get("summary") if isinstance(logs, dict) else None
    views = (proposal.get("date_viewed"), summary.get("recent_view") if isinstance(summary, dict) else None)
    moments = [ProposalPayload.read({"date_viewed": moment}).values.get("viewed_at") for moment in views if moment]
    if "viewed_at" in values:
        values["viewed_at"] = max((moment for moment in moments if moment), default=values["viewed_at"])


def read_vat_lines(values: Json, raw: Json) -> None:
    """Convert a price table's VAT lines to our names and decimal strings."""
    lines = [VatLinePayload.read(line).values for line in listed(values.get("vat_lines")) if isinstance(line, dict)]
    values["vat_lines"] = [
        {key: str(value) if value is not None else None for key, value in line.items()} for line in lines
    ]


# Reference: Get proposal details; for the rows Create proposal, "Required fields per row type". Of list elements only
# the keys that every element has, or every one of the type that the reference prints; what it leaves open is omitted.
ID = int | str
FLAG = bool | int | str
WHOLE: dict[str, Kind] = {
    "name": str | int | float,
    "status": str,
    "type": str,
    "remarks": object,
    "price_total": object,
    "date_modified": str,
    "company": dict,
    "company.name": object,
    "comments": list,
    "comments.id": ID,
    "comments.date": str,
    "comments.comment": str,
    "comments.type": str,
    "comments.firstname": object,
    "comments.lastname": object,
    "logs.summary": dict,
    "logs.summary.views": int | str,
    "logs.summary.pdf": int | str,
    "logs.history": list,
    "logs.history.date": str,
    "logs.history.action": str,
    "pages_total": int,
    "emails": list,
    "emails.id": ID,
    "emails.date_sended": str,
    "emails.proposal_version_nr": object,
    "emails.message": object,
    "emails.sended_by": object,
    "emails.receivers": list,
    "emails.receivers.fullname": object,
    "emails.receivers.email": str,
    "receivers": list,
    "receivers.id": ID,
    "receivers.fullname": object,
    "receivers.email": object,
    "receivers.pass": object,
    "content.pricetables": list,
    "content.pricetables.id": ID,
    "content.pricetables.subtotal": AMOUNT,
    "content.pricetables.total": AMOUNT,
    "content.pricetables.settings": dict,
    "content.pricetables.settings.vat_default_percentage": AMOUNT,
    "content.pricetables.settings.vat_hidden": FLAG,
    "content.pricetables.settings.rows_include_vat": FLAG,
    "content.pricetables.vat": list,
    "content.pricetables.vat.percentage": AMOUNT,
    "content.pricetables.vat.total": AMOUNT,
    "content.pricetables.vat.group_name": object,
    "content.pricetables.rows": list,
    "content.pricetables.rows.type": str,
    "content.pricetables.rows.content": str,
}
OF_TYPES = {
    "comments.email": Key(object, of="client"),
    "comments.company_name": Key(object, of="client"),
    "logs.history.person": Key(object, of="client"),
    "content.pricetables.rows.count": Key(AMOUNT, of="price", newer="quantity"),
    "content.pricetables.rows.price": Key(AMOUNT, of="price"),
    "content.pricetables.rows.subtotal": Key(AMOUNT, of="price"),
    "content.pricetables.rows.vat_percentage": Key(AMOUNT, of="price"),
    "content.pricetables.rows.userinput_optional": Key(object, of="price", newer="selectable"),
    "content.pricetables.rows.userinput_optional_checked": Key(object, of="price", newer="user_selected"),
    "content.pricetables.rows.userinput_count": Key(object, of="price", newer="user_quantity"),
    "content.pricetables.rows.discount": Key(AMOUNT, of="discount", newer="discount_value"),
}
DETAILS = {name: Key(kind) for name, kind in WHOLE.items()} | OF_TYPES
PRICE_ROWS = Children(model=PriceRow, path=("rows",), payload=PriceRowPayload, parent="table_id")

PROPOSALS = Resource(
    position=70,
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
        Children(
            model=Comment,
            path=("comments",),
            payload=CommentPayload,
            parent="proposal_id",
            key="remote_id",
            is_watched=True,
        ),
        Children(
            model=LogEntry,
            path=("logs", "history"),
            payload=LogEntryPayload,
            parent="proposal_id",
            is_watched=True,
        ),
        Children(model=SentEmail, path=("emails",), payload=EmailPayload, parent="proposal_id", key="remote_id"),
        Children(
            model=Receiver,
            path=("receivers",),
            payload=ReceiverPayload,
            parent="proposal_id",
            key="remote_id",
            kept=("sent_link",),
            kept_by=("email", "fullname"),
        ),
    ),
    settle=settle_last_view,
    documented=DETAILS,
    search=proposal_search,
    bucket="status",
    buckets=statuses,
    has_get=True,
    watched=("status", "owner_remote_id", "price_total", "remote_modified_at", "viewed_at", "won_at"),
)

USERS = Resource(position=10, name="users", model=AccountUser, payload=UserPayload)
DESIGN_TEMPLATES = Resource(position=30, name="design_templates", model=DesignTemplate, payload=NamedPayload)
TEXT_TEMPLATES = Resource(position=31, name="text_templates", model=TextTemplate, payload=NamedPayload)
EMAIL_TEMPLATES = Resource(position=32, name="email_templates", model=EmailTemplate, payload=NamedPayload)
PROPOSAL_TEMPLATES = Resource(
    position=33, name="proposal_templates", model=ProposalTemplate, payload=ProposalTemplatePayload
)
AUTOMATION_SETS = Resource(position=40, name="automation_sets", model=AutomationSet, payload=NamedPayload)

register(
    PROPOSALS,
    USERS,
    DESIGN_TEMPLATES,
    TEXT_TEMPLATES,
    EMAIL_TEMPLATES,
    PROPOSAL_TEMPLATES,
    AUTOMATION_SETS,
)
