"""The records of an account."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Record = dict[str, Any]
"""An item as Offorte's API names its fields, with moments and amounts still in their Python types."""

Kind = Literal["company", "person", "directory", "product", "proposal", "webhook"]
Author = Literal["client", "user"]

COMPANY_FIELDS = (
    "name", "street", "zipcode", "city", "state", "country", "phone", "fax", "email", "internet",
    "linkedin", "facebook", "twitter", "coc_number", "vat_number",
)  # fmt: skip
PERSON_FIELDS = (
    "email", "firstname", "lastname", "fullname", "salutation", "street", "zipcode", "city", "state", "country",
    "phone", "mobile", "internet", "linkedin", "facebook", "twitter",
)  # fmt: skip
PRODUCT_FIELDS = ("sku", "price", "vat_id", "optional", "name", "descr_short")
STATUSES = ("edit", "open", "won", "lost", "closed")
EVENTS = (
    "company_created", "company_updated", "company_deleted",
    "company_contact_created", "company_contact_updated", "company_contact_deleted",
    "proposal_created", "proposal_details_updated", "proposal_deleted", "proposal_send", "proposal_won",
    "proposal_lost", "proposal_viewed", "proposal_comment_received",
    "product_directory_created", "product_directory_updated", "product_directory_deleted",
    "product_created", "product_updated", "product_deleted",
)  # fmt: skip


@dataclass(slots=True)
class Comment:
    """A question of the client or an answer of a user."""

    id: int
    at: datetime
    text: str
    author: Author
    firstname: str
    lastname: str
    email: str


@dataclass(slots=True)
class LogEntry:
    """One line of a proposal's history."""

    at: datetime
    person: str
    action: str
    author: Author
    by_application: bool = False


@dataclass(slots=True)
class Receiver:
    """Somebody a proposal was sent to; `key` opens it in the viewer."""

    id: int
    fullname: str
    email: str
    key: str


@dataclass(slots=True)
class SentEmail:
    """A mail as a proposal's details list it."""

    id: int
    at: datetime
    version_nr: int
    message: str
    sender: str
    receivers: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mail:
    """A proposal mail that went out, one for each call that sent one; `at` is simulated."""

    at: datetime
    account: str
    proposal_id: int
    receivers: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to one item, with the item as the API shows it."""

    account: str
    type: str
    item: tuple[str, int]
    at: datetime
    data: Record


class Ids:
    """Ids of one kind in one account: ascending, with gaps, never used twice."""

    def __init__(self, first: int = 1001) -> None:
        self._next = first

    def take(self) -> int:
        """The next id."""
        taken = self._next
        self._next += 3 if taken % 7 == 3 else 1
        return taken
