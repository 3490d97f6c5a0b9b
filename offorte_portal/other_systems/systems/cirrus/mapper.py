"""Interprets the answers of Cirrus. Buying prices stay in the raw answer, and internal comments stay internal."""

from collections.abc import Mapping
from decimal import Decimal

from offorte_portal.other_systems.systems.answers import Raw, fingerprint
from offorte_portal.other_systems.systems.interface import NO_RECORDS, Mapper, RecordKey, Records, Reference
from offorte_portal.other_systems.systems.quote import Company, Person, Quote, Row, Status
from offorte_portal.other_systems.systems.reading import Reading, child, children, join, text, to_number
from offorte_portal.other_systems.systems.review import review

STATUSES = {"order": Status.WON, "denied": Status.LOST, "expired": Status.CLOSED}


class CirrusMapper(Mapper):
    """Maps the header, the rows with their own totals, the account and the contact."""

    def references(self, raw: Raw, records: Records = NO_RECORDS) -> list[Reference]:
        """Return the account, read again when its part of the quote changes.

        Articles, the order of a won quote and the opportunity of a lost one are read if settings say so.
        """
        account = child(raw, "account")
        found = [Reference(RecordKey("account", text(account, "id")), fingerprint(account))]
        if self.options.get("read_articles"):
            articles = (text(child(row, "article"), "id") for row in children(raw, "rows"))
            found += [Reference(RecordKey("article", key)) for key in dict.fromkeys(articles)]
        if self.options.get("read_orders") and text(child(raw, "status"), "metatype") == "order":
            found.append(Reference(RecordKey("order", text(raw, "id")), text(raw, "tsupdated")))
        if self._has_reason(raw):
            found.append(Reference(_opportunity_key(raw), text(raw, "tsupdated")))
        return [reference for reference in found if reference.key.external_id]

    def map(self, raw: Raw, records: Records) -> Quote:
        reading = Reading()
        key = text(raw, "id")
        account = child(raw, "account")
        is_ordered = self.options.get("read_orders") and text(child(raw, "status"), "metatype") == "order"
        order = reading.record(records, "order", key, "order_unread" if is_ordered else "")
        opportunity: Raw = {}
        if self._has_reason(raw):
            opportunity = reading.record(records, *_opportunity_key(raw), "opportunity_unread")
        owner = child(raw, "user") or child(raw, "user2")
        return review(
            Quote(
                external_id=key,
                number=text(raw, "alternateid", "id"),
                title=text(raw, "marking") or text(child(raw, "opportunity"), "title") or f"Quote {key}",
                status=self._status(reading, child(raw, "status")),
                status_text=text(child(raw, "status"), "name", "metatype"),
                company=_company(reading, account, records),
                people=_people(child(raw, "contact")),
                owner_name=join(text(owner, "name"), text(owner, "surname")),
                owner_email=text(owner, "email"),
                currency=reading.currency(text(raw, "currencycode"), self.options.get("default_currency")),
                total=reading.number(raw, "price"),
                rows=tuple(self._row(reading, row, records) for row in _in_order(raw)),
                quoted_on=reading.day(raw, "placedate"),
                valid_until=reading.day(raw, "validtodate"),
                created_at=reading.moment(raw, "tscreated"),
                updated_at=reading.moment(raw, "tsupdated"),
                accepted_at=reading.moment(order, "placedate"),
                order_number=text(order, "alternateid", "id"),
                ordered_on=reading.day(order, "placedate"),
                lost_reason=text(child(opportunity, "lostreason"), "name"),
                reference=text(raw, "referencecode", "externalkey"),
                introduction=text(raw, "externalcomment"),
                internal_note=text(raw, "internalcomment"),
            ),
            reading,
        )

    def _has_reason(self, raw: Raw) -> bool:
        """Return whether the quote is lost and has an opportunity that is read for the reason."""
        if not self.options.get("read_opportunities") or not _opportunity_key(raw).external_id:
            return False
        return self._status(Reading(), child(raw, "status")) == Status.LOST

    def _status(self, reading: Reading, status: Raw) -> Status:
        table: Mapping[str, str] = self.options.get("statuses") or {}
        if text(status, "id") in table:
            return Status(table[text(status, "id")])
        metatype = text(status, "metatype").lower()
        if metatype == "active":
            is_default = status.get("isdefault") in (True, 1, "1")
            return Status.EDIT if is_default and self.options.get("default_is_draft") else Status.OPEN
        if metatype not in STATUSES:
            reading.note("status_unknown", status=text(status, "name", "metatype") or "—")
        return STATUSES.get(metatype, Status.OPEN)

    def _row(self, reading: Reading, row: Raw, records: Records) -> Row:
        found = child(row, "article")
        unread = "article_unread" if self.options.get("read_articles") else ""
        article = reading.record(records, "article", text(found, "id"), unread)
        description = text(row, "specification") or text(found, "name") or f"#{text(row, 'id')}"
        quantity, price, total = (reading.number(row, name) for name in ("quantity", "price", "totalprice"))
        if quantity is None:
            reading.note("quantity_missing", row=description)
            quantity = Decimal(1)
        if price is None and total is None:
            reading.note("price_missing", row=description)
            price = Decimal(0)
        if total is None:
            # It is not documented what a discount applies to; a row's own total includes it in any case.
            discounts = [text(row, name) for name in ("discountpercent", "discountamount") if reading.number(row, name)]
            if discounts:
                reading.note("discount_unclear", discount=", ".join(discounts))
            total = quantity * (price or Decimal(0))
        return Row(
            description=description,
            quantity=quantity,
            unit=text(child(row, "articleunit"), "name") or text(child(child(row, "pricegroup"), "unit"), "name"),
            price=price,
            total=total,
            vat=to_number(article.get("vat")),
            article=text(found, "number"),
            group=text(row, "sortgroup"),
            currency=reading.currency(text(row, "currencycode")),
        )


def _opportunity_key(raw: Raw) -> RecordKey:
    return RecordKey("opportunity", text(child(raw, "opportunity"), "id"))


def _company(reading: Reading, account: Raw, records: Records) -> Company | None:
    key = text(account, "id")
    if not key and not text(account, "name"):
        return None
    detail = reading.record(records, "account", key, "customer_unread")
    addresses = child(detail, "addresses")
    parts = [child(addresses, name) for name in ("postal", "visiting")]
    address = next((part for part in parts if text(part, "street", "city", "zip")), {})
    return Company(
        external_id=key,
        name=text(account, "name") or text(detail, "name"),
        email=text(account, "email") or text(detail, "email"),
        phone=text(account, "phone", "cellphone") or text(detail, "phone", "cellphone"),
        website=text(detail, "url"),
        vat_number=text(detail, "vatno"),
        street=text(address, "street"),
        zipcode=text(address, "zip"),
        city=text(address, "city"),
        country=text(address, "country"),
    )


def _people(contact: Raw) -> tuple[Person, ...]:
    """Return the contact, if there is one; its field `name` is the first name."""
    name = join(text(contact, "name"), text(contact, "surname"))
    if not name and not text(contact, "email"):
        return ()
    return (
        Person(
            external_id=text(contact, "id"),
            name=name,
            email=text(contact, "email"),
            phone=text(contact, "officephone"),
            mobile=text(contact, "cellphone"),
            title=text(contact, "title"),
        ),
    )


def _in_order(raw: Raw) -> list[Raw]:
    def place(row: Raw) -> tuple[Decimal, Decimal]:
        return to_number(row.get("sortgroup")) or Decimal(0), to_number(row.get("sortorder")) or Decimal(0)

    return sorted(children(raw, "rows"), key=place)
