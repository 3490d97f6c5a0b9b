"""Request bodies for Offorte, with exactly the parameters and types of the reference.

Drafts are plain dictionaries: an update leaves values without a key unchanged. A draft may be stored as JSON before it
is sent (as a waiting write is); `complete_draft` turns amounts that became text there back into numbers.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from offorte_portal.api.codes import Code
from offorte_portal.api.errors import Rejected

# A parameter that the reference doesn't have is a mistake of ours and is not sent.
_exactly = with_config(ConfigDict(extra="forbid"))

Status = Literal["edit", "open", "won", "lost", "closed"]


@_exactly
class _ContactDraft(TypedDict, total=False):
    street: str
    zipcode: str
    city: str
    state: str
    country: str
    phone: str
    email: str
    internet: str
    linkedin: str
    facebook: str
    twitter: str


@_exactly
class CompanyDraft(_ContactDraft, total=False):
    """A company to create or change."""

    name: str
    fax: str
    coc_number: str
    vat_number: str


@_exactly
class PersonDraft(_ContactDraft, total=False):
    """A person to create, with `fullname` and `email` at least, or to change."""

    firstname: str
    lastname: str
    fullname: str
    salutation: str
    mobile: str


@_exactly
class DirectoryDraft(TypedDict):
    """A product directory to create or rename."""

    name: str


@_exactly
class ProductDraft(TypedDict, total=False):
    """A product to create; `vat_id` is a VAT group."""

    sku: str
    price: Decimal
    vat_id: int
    optional: bool
    name: str
    descr_short: str


@_exactly
class ProductChange(ProductDraft, total=False):
    """Changes to a product; `directory_id` moves it."""

    directory_id: int


@_exactly
class PriceRowDraft(TypedDict):
    """A row with a price; `content` is HTML."""

    type: Literal["price"]
    content: str
    count: Decimal
    price: Decimal
    vat_percentage: Decimal
    userinput_optional: bool
    userinput_optional_checked: bool
    userinput_count: bool


@_exactly
class DiscountRowDraft(TypedDict):
    """A row with a discount."""

    type: Literal["discount"]
    content: str
    discount: Decimal


@_exactly
class SubtotalRowDraft(TypedDict):
    """A row that adds up the rows above it."""

    type: Literal["subtotal"]
    content: str


@_exactly
class TitleRowDraft(TypedDict):
    """A row that is a heading."""

    type: Literal["title"]
    content: str


RowDraft = Annotated[PriceRowDraft | DiscountRowDraft | SubtotalRowDraft | TitleRowDraft, Field(discriminator="type")]


@_exactly
class PriceTableDraft(TypedDict):
    """Rows to add to the price table with the unique id `id` of the proposal template."""

    id: str
    rows: list[RowDraft]


@_exactly
class ContentDraft(TypedDict):
    """The content of a proposal to create."""

    pricetables: list[PriceTableDraft]


@_exactly
class ProposalDraft(TypedDict, total=False):
    """A proposal to create; `company_contacts` are the ids of the people who will receive it."""

    account_user_id: int
    company_contacts: list[int]
    company_id: int
    design_template_id: int
    automations_set_id: int
    text_template_id: int
    name: str
    proposal_template_id: int
    content: ContentDraft


@_exactly
class ProposalChange(TypedDict, total=False):
    """Changes to a proposal; `price_total` is its value in the pipeline."""

    account_user_id: int
    company_contacts: list[int]
    company_id: int
    design_template_id: int
    name: str
    price_total: Decimal
    status: Status
    text_template_id: int


@_exactly
class SendDraft(TypedDict, total=False):
    """How to send a proposal; `send_message` (plain text) or `send_message_id` (an e-mail template) is needed."""

    password_reset: bool
    send_method: Literal["offorte", "self"]
    send_message: str
    send_message_id: int


@_exactly
class WebhookDraft(TypedDict, total=False):
    """A webhook to create or change; `payload_url` must be https."""

    payload_url: str
    payload_content_type: Literal["json"]
    active: bool
    events: list[str]


_ADAPTERS: dict[type[object], TypeAdapter[Any]] = {
    kind: TypeAdapter(kind)
    for kind in (
        CompanyDraft,
        PersonDraft,
        DirectoryDraft,
        ProductDraft,
        ProductChange,
        ProposalDraft,
        ProposalChange,
        SendDraft,
        WebhookDraft,
    )
}


def complete_draft(kind: type[object], draft: Mapping[str, object]) -> dict[str, object]:
    """Return the draft with the types of its kind. Raises Rejected for a key or a value that Offorte doesn't accept."""
    try:
        completed: dict[str, object] = _ADAPTERS[kind].validate_python(dict(draft))
    except ValidationError as error:
        reasons: dict[str, list[str]] = {}
        for fault in error.errors():
            reasons.setdefault(".".join(str(part) for part in fault["loc"]), []).append(fault["msg"])
        raise Rejected(Code.NOT_SENDABLE, field_errors=reasons) from None
    return completed
