"""Interprets the answers of Fynn."""

import re
from collections.abc import Mapping
from decimal import Decimal

from offorte_portal.other_systems.systems.answers import Raw, fingerprint
from offorte_portal.other_systems.systems.interface import NO_RECORDS, Mapper, RecordKey, Records, Reference
from offorte_portal.other_systems.systems.quote import Company, Document, Person, Quote, Row, Status
from offorte_portal.other_systems.systems.reading import Reading, child, children, join, text
from offorte_portal.other_systems.systems.review import review

# A precision above this is not believed: the reference's own example has 123, which no currency has.
MOST_DECIMALS = 8
STATUSES = {
    "signing": Status.OPEN,
    "awaiting_invoice_details": Status.WON,
    "signed": Status.WON,
    "archived": Status.CLOSED,
}
DOCUMENTS = {"signed": "Signed", "auditLog": "Audit log", "purchaseOrder": "Purchase order"}
_KEY = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)


class FynnMapper(Mapper):
    """Maps the header, the recipients and one row."""

    def references(self, raw: Raw, records: Records = NO_RECORDS) -> list[Reference]:
        """Return the customer, read again when its part of the offer changes."""
        customer = child(raw, "customer")
        key = text(customer, "id")
        return [Reference(RecordKey("customer", key), fingerprint(customer))] if key else []

    def map(self, raw: Raw, records: Records) -> Quote:
        reading = Reading()
        customer = reading.record(records, "customer", text(child(raw, "customer"), "id"), "customer_unread")
        assumed = text(customer, "currencyCode") or self.options.get("default_currency")
        total, currency = _money(reading, raw), text(child(raw, "contractValue"), "currencyCode")
        title = text(raw, "name", "number") or text(raw, "id")
        status = self._status(reading, raw)
        return review(
            Quote(
                external_id=text(raw, "id"),
                number=text(raw, "number", "id"),
                title=title,
                status=status,
                status_text=text(raw, "status"),
                company=_company(raw, customer),
                people=_people(raw),
                currency=reading.currency(currency, assumed),
                total=total,
                rows=_rows(reading, raw, title, total),
                quoted_on=reading.day(raw, "createdAt"),
                valid_until=reading.day(raw, "validUntil"),
                created_at=reading.moment(raw, "createdAt"),
                updated_at=reading.moment(raw, "updatedAt"),
                sent_at=reading.moment(raw, "issuedAt"),
                accepted_at=reading.moment(raw, "signedAt"),
                # An offer becomes a subscription; one that is still open may change an existing one.
                order_number=text(child(raw, "subscription"), "number") if status == Status.WON else "",
                reference=text(child(raw, "subscription"), "number"),
                documents=_documents(raw),
            ),
            reading,
        )

    def _status(self, reading: Reading, raw: Raw) -> Status:
        status = text(raw, "status").lower()
        table: Mapping[str, str] = self.options.get("statuses") or {}
        if status in table:
            return Status(table[status])
        if status == "open":
            return Status.OPEN if text(raw, "issuedAt") else Status.EDIT
        if status == "archived":
            if text(raw, "signedAt") and self.options.get("archived_signed_is_won"):
                return Status.WON
            reading.note("lost_unclear")
        if status not in STATUSES:
            reading.note("status_unknown", status=text(raw, "status") or "—")
        return STATUSES.get(status, Status.OPEN)


def _money(reading: Reading, raw: Raw) -> Decimal | None:
    value = child(raw, "contractValue")
    amount, precision = reading.number(value, "amount"), reading.number(value, "precision")
    if amount is None:
        return None
    if precision is None or precision != precision.to_integral_value() or not 0 <= precision <= MOST_DECIMALS:
        reading.note("precision", precision=text(value, "precision") or "?")
        return None
    reading.note("contract_value")
    return amount.scaleb(-int(precision))


def _rows(reading: Reading, raw: Raw, title: str, total: Decimal | None) -> tuple[Row, ...]:
    if raw.get("proposal"):
        reading.note("pricing_opaque")
    if total is None:
        return ()
    reading.note("rows_lumped")
    return (Row(description=title, price=total, total=total),)


def _company(raw: Raw, customer: Raw) -> Company | None:
    named = child(raw, "customer")
    if not text(named, "id", "name"):
        return None
    address = next(iter(children(customer, "addresses")), {})
    emails = children(customer, "emailAddresses")
    default = next((entry for entry in emails if entry.get("default") is True), next(iter(emails), {}))
    full_name = join(text(customer, "firstName"), text(customer, "lastName"))
    return Company(
        external_id=text(named, "id"),
        name=text(customer, "companyName") or text(named, "name") or full_name,
        email=text(default, "email"),
        phone=text(customer, "phone"),
        vat_number=text(customer, "vatId"),
        street=join(text(address, "street"), text(address, "houseNumber")),
        zipcode=text(address, "zip"),
        city=text(address, "city"),
        country=text(address, "countryCode") or text(customer, "countryCode"),
    )


def _people(raw: Raw) -> tuple[Person, ...]:
    """Return the recipients, or without any the contact person, of whom it is not known whose side they are on.

    The id of a recipient belongs to the offer and says nothing about who the person is.
    """
    people = tuple(
        Person(
            name=join(text(recipient, "firstName"), text(recipient, "lastName")),
            email=text(recipient, "email"),
        )
        for recipient in children(raw, "recipients")
    )
    contact = text(child(raw, "contactPerson"), "name")
    return people or ((Person(name=contact),) if contact else ())


def _documents(raw: Raw) -> tuple[Document, ...]:
    slots = child(raw, "documents")
    found = ((child(slots, slot), label) for slot, label in DOCUMENTS.items())
    return tuple(
        Document(key=text(document, "id"), name=text(document, "filename") or label)
        for document, label in found
        if _KEY.fullmatch(text(document, "id"))
    )
