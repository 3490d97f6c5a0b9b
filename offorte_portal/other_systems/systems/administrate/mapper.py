"""Interprets the answers of Administrate."""

from collections.abc import Mapping
from decimal import Decimal

from offorte_portal.other_systems.systems.answers import Raw
from offorte_portal.other_systems.systems.interface import Mapper, RecordKey, Records, Reference
from offorte_portal.other_systems.systems.quote import Company, Document, Person, Quote, Row, Status
from offorte_portal.other_systems.systems.reading import Reading, child, children, join, key_of, text, to_number
from offorte_portal.other_systems.systems.review import review


class AdministrateMapper(Mapper):
    """Maps the latest generated quote where there is one, else the opportunity's own interests."""

    def references(self, raw: Raw) -> list[Reference]:
        """Return the account and the contact."""
        keys = [RecordKey(kind, key_of(raw, kind)) for kind in ("account", "contact")]
        return [Reference(key) for key in keys if key.external_id]

    def map(self, raw: Raw, records: Records) -> Quote:
        reading = Reading()
        latest = _latest(children(raw, "quotes"))
        currency = text(child(latest, "currency"), "id") or text(child(raw, "currency"), "id")
        if not currency and (currency := str(self.options.get("default_currency") or "")):
            reading.note("currency_assumed", currency=currency)
        status = self._status(reading, raw)
        closing = reading.moment(raw, "closing_date")
        value = reading.number(latest, "value")
        return review(
            Quote(
                external_id=text(raw, "id"),
                number=text(raw, "id"),
                title=text(raw, "name") or f"#{text(raw, 'id')}",
                status=status,
                status_text=join(text(child(raw, "step"), "name"), _in_brackets(_stage(raw))),
                company=_company(reading, raw, records),
                people=_people(raw, records),
                owner_name=text(child(raw, "user"), "name"),
                currency=currency,
                total=reading.number(raw, "value") if value is None else value,
                rows=tuple(_row(reading, row) for row in children(latest, "interests") or children(raw, "interests")),
                quoted_on=reading.day(latest, "created_at") or reading.day(raw, "created_at"),
                valid_until=reading.day(latest, "expires_at"),
                created_at=reading.moment(raw, "created_at"),
                updated_at=reading.moment(raw, "updated_at"),
                sent_at=reading.moment(latest, "created_at"),
                accepted_at=closing if status == Status.WON else None,
                reference=text(raw, "external_id"),
                introduction=text(latest, "cover_letter"),
                documents=_documents(raw),
            ),
            reading,
        )

    def _status(self, reading: Reading, raw: Raw) -> Status:
        step, stage = child(raw, "step"), _stage(raw).lower()
        table: Mapping[str, str] = self.options.get("statuses") or {}
        if text(step, "id") in table:
            return Status(table[text(step, "id")])
        if stage.startswith("won"):
            return Status.WON
        if stage.startswith("lost"):
            return Status.LOST
        if stage == "open" and not step.get("closed"):
            return Status.OPEN if children(raw, "quotes") else Status.EDIT
        if stage != "open":
            reading.note("status_closed", status=_stage(raw) or text(step, "name"))
        return Status.CLOSED


def _stage(raw: Raw) -> str:
    return text(child(child(raw, "step"), "stage"), "status")


def _in_brackets(words: str) -> str:
    return f"({words})" if words else ""


def _latest(quotes: list[Raw]) -> Raw:
    return max(
        quotes, key=lambda quote: (text(quote, "created_at"), to_number(quote.get("id")) or Decimal(0)), default={}
    )


def _company(reading: Reading, raw: Raw, records: Records) -> Company | None:
    key = key_of(raw, "account")
    if not key and not text(child(raw, "account"), "name"):
        if seller := text(child(raw, "company"), "name"):
            reading.note("customer_is_seller", company=seller)
        return None
    account = records.get(RecordKey("account", key), {})
    if not account:
        reading.note("customer_unread")
    part = "address" if text(account, "address_street", "address_town") else "billing_address"
    return Company(
        external_id=key,
        name=text(account, "name") or text(child(raw, "account"), "name"),
        email=text(account, "email"),
        phone=text(account, "tel"),
        website=text(account, "url"),
        vat_number=text(account, "vat_number"),
        coc_number=text(account, "company_number"),
        street=text(account, f"{part}_street"),
        zipcode=text(account, f"{part}_postcode"),
        city=text(account, f"{part}_town"),
        country=text(account, f"{part}_country") or text(child(account, f"{part}_country"), "name"),
    )


def _people(raw: Raw, records: Records) -> tuple[Person, ...]:
    """Return the contact, if there is one. Delegates are left out: they are trained, but don't buy."""
    key = key_of(raw, "contact")
    contact = records.get(RecordKey("contact", key), {})
    name = join(text(contact, "first_name"), text(contact, "last_name")) or text(child(raw, "contact"), "name")
    if not key and not name:
        return ()
    return (
        Person(
            external_id=key,
            name=name,
            email=text(contact, "email"),
            phone=text(contact, "tel"),
            mobile=text(contact, "mobile"),
            title=text(contact, "job_title"),
        ),
    )


def _row(reading: Reading, interest: Raw) -> Row:
    subjects = [child(interest, name) for name in ("event", "course", "item")]
    description = next(filter(None, (text(subject, "title", "name", "code") for subject in subjects)), "")
    description = description or text(interest, "notes") or f"#{text(interest, 'id')}"
    quantity = reading.number(interest, "quantity")
    if quantity is None:
        quantity = Decimal(len(children(interest, "delegates")) or 1)
        if not children(interest, "delegates"):
            reading.note("quantity_missing", row=description)
    price = reading.number(interest, "price")
    if price is None:
        reading.note("price_missing", row=description)
        price = Decimal(0)
    return Row(
        description=description,
        quantity=quantity,
        price=price,
        total=quantity * price,
        vat=Decimal(0) if interest.get("is_taxable") is False else None,
    )


def _documents(raw: Raw) -> tuple[Document, ...]:
    pdfs = [text(quote, "id") for quote in children(raw, "quotes")]
    others = [(text(document, "id"), text(document, "name")) for document in children(raw, "documents")]
    opportunity = text(raw, "id")
    return (
        *(Document(key=f"quote-{key}", name=f"quote-{key}.pdf") for key in pdfs if key.isdecimal()),
        *(
            Document(key=f"document-{opportunity}-{key}", name=f"{name or key}.html")
            for key, name in others
            if key.isdecimal()
        ),
    )
