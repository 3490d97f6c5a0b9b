"""Interprets the answers of Administrate."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from offorte_portal.other_systems.systems.answers import Raw, fingerprint
from offorte_portal.other_systems.systems.interface import NO_RECORDS, Mapper, RecordKey, Records, Reference
from offorte_portal.other_systems.systems.quote import Company, Document, Person, Quote, Row, Status
from offorte_portal.other_systems.systems.reading import Reading, child, children, join, key_of, text, to_number
from offorte_portal.other_systems.systems.review import review


class AdministrateMapper(Mapper):
    """Maps the latest generated quote where there is one, else the opportunity's own interests."""

    def references(self, raw: Raw, records: Records = NO_RECORDS) -> list[Reference]:
        """Return the account and the contact, read again when their part of the opportunity changes."""
        keys = {"account": _account_key(raw, records), "contact": key_of(raw, "contact")}
        return [Reference(RecordKey(kind, key), fingerprint(child(raw, kind))) for kind, key in keys.items() if key]

    def map(self, raw: Raw, records: Records) -> Quote:
        reading = Reading()
        latest = _latest(children(raw, "quotes"))
        currency = _currency(latest) or _currency(raw)
        for discount in filter(None, (_name(part, "discount_type") for part in (raw, latest))):
            reading.note("discount_unclear", discount=discount)
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
                people=_people(reading, raw, records),
                owner_name=text(child(raw, "user"), "name"),
                currency=reading.currency(currency, self.options.get("default_currency")),
                total=reading.number(raw, "value") if value is None else value,
                rows=tuple(_rows(reading, children(latest, "interests") or children(raw, "interests"))),
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
            code = "status_closed" if step.get("closed") else "status_unknown"
            reading.note(code, status=_stage(raw) or text(step, "name") or "—")
        return Status.CLOSED if step.get("closed") else Status.OPEN


def _stage(raw: Raw) -> str:
    return text(child(child(raw, "step"), "stage"), "status")


def _in_brackets(words: str) -> str:
    return f"({words})" if words else ""


def _latest(quotes: list[Raw]) -> Raw:
    return max(
        quotes, key=lambda quote: (text(quote, "created_at"), to_number(quote.get("id")) or Decimal(0)), default={}
    )


def _name(data: Raw, name: str) -> str:
    """Return what a related object is called, which may come as an object or as plain text; "" where there is none."""
    found = child(data, name)
    return text(found, "name", "code", "id") or text(data, name) or ("?" if found else "")


def _currency(data: Raw) -> str:
    return text(child(data, "currency"), "id", "code", "name") or text(data, "currency")


def _account_key(raw: Raw, records: Records) -> str:
    """Return the id of the account; where the opportunity has none, that of its contact's."""
    contact = records.get(RecordKey("contact", key_of(raw, "contact")))
    return key_of(raw, "account") or (key_of(contact, "account") if isinstance(contact, dict) else "")


def _company(reading: Reading, raw: Raw, records: Records) -> Company | None:
    key = _account_key(raw, records)
    if not key and not text(child(raw, "account"), "name"):
        if seller := text(child(raw, "company"), "name"):
            reading.note("customer_is_seller", company=seller)
        return None
    account = reading.record(records, "account", key, "customer_unread")
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


def _people(reading: Reading, raw: Raw, records: Records) -> tuple[Person, ...]:
    """Return the contact, if there is one. Delegates are left out: they are trained, but don't buy."""
    key = key_of(raw, "contact")
    contact = reading.record(records, "contact", key, "person_unread")
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


def _rows(reading: Reading, interests: list[Raw]) -> Iterator[Row]:
    """Yield each interest followed by those below it, which have prices of their own."""
    for interest in interests:
        parts = children(interest, "children")
        yield _row(reading, interest, has_parts=bool(parts))
        yield from _rows(reading, parts)


def _row(reading: Reading, interest: Raw, *, has_parts: bool) -> Row:
    subjects = [child(interest, name) for name in ("event", "course", "item", "track")]
    names = dict.fromkeys(text(subject, "title", "name", "code") for subject in subjects)
    description = " · ".join(filter(None, names)) or text(interest, "notes") or f"#{text(interest, 'id')}"
    quantity = reading.number(interest, "quantity")
    if quantity is None:
        quantity = Decimal(len(children(interest, "delegates")) or 1)
        if not children(interest, "delegates") and not has_parts:
            reading.note("quantity_missing", row=description)
    price = reading.number(interest, "price")
    if price is None:
        if not has_parts:
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
