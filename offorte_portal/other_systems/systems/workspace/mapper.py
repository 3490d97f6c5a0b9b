"""Interprets the answers of Workspace."""

from collections.abc import Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo

from offorte_portal.other_systems.systems.answers import Raw
from offorte_portal.other_systems.systems.interface import NO_RECORDS, Mapper, RecordKey, Records, Reference
from offorte_portal.other_systems.systems.quote import Company, Person, Quote, Row, Status
from offorte_portal.other_systems.systems.reading import Reading, child, text
from offorte_portal.other_systems.systems.review import review

ZONE = ZoneInfo("Europe/Amsterdam")
# The Dutch VAT rates, including the one that applied until 2018.
RATES = frozenset(map(Decimal, (0, 6, 9, 21)))
# VAT from this percentage on is no VAT.
MOST_PERCENT = 1000


class WorkspaceMapper(Mapper):
    """Maps the header, one row for all, and the contact as the customer."""

    def references(self, raw: Raw, records: Records = NO_RECORDS) -> list[Reference]:
        """Return the contact that the quotation is for. It has no mark: the list of contacts tells what changed."""
        contact = text(child(raw, "Quotation"), "contact_id")
        return [Reference(RecordKey("contact", contact))] if contact else []

    def map(self, raw: Raw, records: Records) -> Quote:
        reading, quotation = Reading(ZONE), child(raw, "Quotation")
        contact = reading.record(records, "contact", text(quotation, "contact_id"), "customer_unread")
        total, vat = self._amounts(reading, quotation)
        title = text(quotation, "name", "code") or f"#{text(quotation, 'id')}"
        lines = raw.get("QuotationLine")
        if isinstance(lines, list | dict) and lines:
            reading.note("rows_unread", count=len(lines) if isinstance(lines, list) else 1)
        self._note_discount(reading, quotation)
        sent_at, accepted_at = reading.moment(quotation, "date_sent"), reading.moment(quotation, "date_accepted")
        quote = Quote(
            external_id=text(quotation, "id"),
            number=text(quotation, "code", "id"),
            title=title,
            status=self._status(reading, quotation, is_sent=bool(sent_at), is_accepted=bool(accepted_at)),
            status_text=text(quotation, "status"),
            company=_company(quotation, contact),
            people=_people(quotation, contact),
            # No field says the currency of a system for Dutch companies.
            currency=reading.currency("", "EUR"),
            total=total,
            total_vat=vat,
            rows=_rows(reading, title, total, vat),
            quoted_on=reading.day(quotation, "created"),
            created_at=reading.moment(quotation, "created"),
            updated_at=reading.moment(quotation, "modified"),
            sent_at=sent_at,
            accepted_at=accepted_at,
            introduction=text(quotation, "description"),
            reference=text(quotation, "project_id"),
        )
        return review(quote, reading)

    def _amounts(self, reading: Reading, quotation: Raw) -> tuple[Decimal | None, Decimal | None]:
        """Return total and VAT, both None until the amounts are calibrated.

        `total_price` is without VAT: in the reference's own figures the VAT is 21 % of it.
        """
        total, vat = reading.number(quotation, "total_price"), reading.number(quotation, "total_price_vat")
        divisor = self.options.get("money_divisor")
        if not divisor:
            reading.note("money_scale")
            return None, None
        return (None if amount is None else amount / Decimal(str(divisor)) for amount in (total, vat))  # type: ignore[return-value]

    def _note_discount(self, reading: Reading, quotation: Raw) -> None:
        """Note discounts. It is not documented whether `total_price` is before or after them."""
        percent, amount = reading.number(quotation, "discount"), reading.number(quotation, "total_price_discount")
        if amount and (divisor := self.options.get("money_divisor")):
            amount = amount / Decimal(str(divisor))
        parts = [f"{percent.normalize():f}%" if percent else "", f"{amount:.2f}" if amount else ""]
        if any(parts):
            reading.note("discount_unclear", discount=", ".join(filter(None, parts)))

    def _status(self, reading: Reading, quotation: Raw, *, is_sent: bool, is_accepted: bool) -> Status:
        code = text(quotation, "status")
        table: Mapping[str, str] = self.options.get("statuses") or {}
        if is_accepted:
            return Status.WON
        if code in table:
            return Status(table[code])
        if code != "1":
            reading.note("status_unknown", status=code or "—")
            return Status.OPEN
        return Status.OPEN if is_sent else Status.EDIT


def _company(quotation: Raw, contact: Raw) -> Company | None:
    key = text(quotation, "contact_id")
    if not key:
        return None
    part = "location" if text(contact, "location_address", "location_city") else "invoice"
    return Company(
        external_id=key,
        name=text(contact, "name"),
        email=text(contact, "email"),
        phone=text(contact, "phone"),
        website=text(contact, "website"),
        vat_number=text(contact, "btw"),
        coc_number=text(contact, "kvk"),
        street=text(contact, f"{part}_address"),
        zipcode=text(contact, f"{part}_postal"),
        city=text(contact, f"{part}_city"),
        country=text(contact, f"{part}_country"),
    )


def _people(quotation: Raw, contact: Raw) -> tuple[Person, ...]:
    """Return the person named in `contact_attention`, with the company's e-mail address, for there is no other.

    Where nobody is named there is no person: the company's address alone is nobody's.
    """
    name = text(quotation, "contact_attention")
    return (Person(name=name, email=text(contact, "email")),) if name else ()


def _rows(reading: Reading, title: str, total: Decimal | None, vat: Decimal | None) -> tuple[Row, ...]:
    if total is None:
        return ()
    reading.note("rows_lumped")
    rate = vat / total * 100 if vat is not None and total else None
    if rate is not None and abs(rate) >= MOST_PERCENT:
        reading.note("unreadable", field="total_price_vat", value=f"{vat:f}")
        rate = None
    rate = None if rate is None else rate.quantize(Decimal("0.01"))
    if rate is not None and rate not in RATES:
        reading.note("vat_odd", percentage=f"{rate.normalize():f}")
    return (Row(description=title, price=total, total=total, vat=rate),)
