"""A quote of any system, in the portal's own terms. None and "" mean that the system gave no value."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from offorte_portal.other_systems.systems.notes import Note


class Status(StrEnum):
    """The status that the quote would have in Offorte."""

    EDIT = "edit"
    OPEN = "open"
    WON = "won"
    LOST = "lost"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The customer."""

    external_id: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    vat_number: str = ""
    coc_number: str = ""
    street: str = ""
    zipcode: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person at the customer."""

    external_id: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a quote. `price` is per unit, before discount; `total` is what the line adds to the quote."""

    description: str
    quantity: Decimal = Decimal(1)
    unit: str = ""
    price: Decimal | None = None
    total: Decimal | None = None
    vat: Decimal | None = None
    article: str = ""
    group: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that the portal can download: `key` is what `Reader.download` takes, never an address."""

    key: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One quote. Amounts are without VAT, in `currency` (ISO 4217), in whole units."""

    external_id: str
    number: str
    title: str
    status: Status
    status_text: str = ""
    company: Company | None = None
    people: tuple[Person, ...] = ()
    owner_name: str = ""
    owner_email: str = ""
    currency: str = ""
    total: Decimal | None = None
    total_vat: Decimal | None = None
    rows: tuple[Row, ...] = ()
    quoted_on: date | None = None
    valid_until: date | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    sent_at: datetime | None = None
    accepted_at: datetime | None = None
    # What a won quote became, and why a lost one was lost.
    order_number: str = ""
    ordered_on: date | None = None
    lost_reason: str = ""
    reference: str = ""
    introduction: str = ""
    internal_note: str = ""
    documents: tuple[Document, ...] = ()
    notes: tuple[Note, ...] = ()
