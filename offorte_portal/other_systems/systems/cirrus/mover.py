"""Interprets Cirrus's lists of accounts, contacts and articles. Buying prices and personal numbers are not taken."""

from decimal import Decimal

from offorte_portal.other_systems.move_reasons import AddressKind, MoveReason, MoveWarning
from offorte_portal.other_systems.systems.answers import Raw
from offorte_portal.other_systems.systems.moved import Moved, Mover, Names
from offorte_portal.other_systems.systems.moved_parts import Address, choose_address, filled_in, left_out, names_of
from offorte_portal.other_systems.systems.reading import child, join, text, to_number
from offorte_portal.text.reason import Reason

# In the order in which one of them becomes Offorte's only address.
ADDRESSES = {
    "postal": AddressKind.POSTAL,
    "visiting": AddressKind.VISITING,
    "invoice": AddressKind.INVOICE,
    "delivery": AddressKind.DELIVERY,
}


class CirrusMover(Mover):
    """Maps accounts to companies, contacts to people, groups of articles to directories, articles to products."""

    lists = {
        "account": "company",
        "contact": "person",
        "unit": "",
        "group": "directory",
        "article": "product",
    }

    def map(self, kind: str, raw: Raw, names: Names) -> Moved | None:
        match kind:
            case "account":
                return map_account(raw)
            case "contact":
                return map_contact(raw)
            case "group":
                name = text(raw, "name")
                return Moved("directory", text(raw, "id"), name, values=filled_in(name=name))
            case "article":
                return map_article(raw, names, str(self.options.get("default_currency") or ""))
        return None


def map_account(raw: Raw) -> Moved:
    """Return the company of an account. Where Offorte has one field for several values, the others are warnings."""
    addresses = child(raw, "addresses")
    parts = [(kind, child(addresses, name)) for name, kind in ADDRESSES.items()]
    address, warnings = choose_address(
        Address(kind, _street(part), text(part, "zip"), text(part, "city"), text(part, "country"))
        for kind, part in parts
    )
    name, phones = text(raw, "name"), [text(raw, "phone"), text(raw, "cellphone")]
    phone = next(filter(None, phones), "")
    social = {"facebook": "socialmedia_fb", "twitter": "socialmedia_tw", "linkedin": "socialmedia_li"}
    values = filled_in(
        name=name,
        email=text(raw, "email"),
        phone=phone,
        fax=text(raw, "fax"),
        internet=text(raw, "url"),
        vat_number=text(raw, "vatno"),
        **{ours: text(raw, theirs) for ours, theirs in social.items()},
    )
    warnings += left_out(MoveWarning.PHONE_LEFT_OUT, phones[1] if phones[1] != phone else "")
    warnings += left_out(MoveWarning.NUMBER_LEFT_OUT, text(raw, "number"))
    warnings += left_out(MoveWarning.GROUPS_LEFT_OUT, names_of(raw, "accountgroups"))
    warnings += left_out(MoveWarning.TAGS_LEFT_OUT, names_of(raw, "tags"))
    warnings += left_out(MoveWarning.PARENT_LEFT_OUT, text(child(raw, "parentaccount"), "name"))
    warnings += left_out(MoveWarning.TEXT_LEFT_OUT, text(raw, "info"))
    return Moved(
        "company",
        text(raw, "id"),
        name,
        values=values | address,
        facts=filled_in(number=text(raw, "number"), groups=names_of(raw, "accountgroups"), tags=names_of(raw, "tags")),
        warnings=tuple(warnings),
        obstacle=None if name else MoveReason.NAMELESS(),
    )


def _street(address: Raw) -> str:
    """Return the street with its number, which Cirrus may have in fields of their own."""
    number = f"{text(address, 'number')}{text(address, 'letter')}"
    street = text(address, "street")
    return street if not number or street.endswith(number) else join(street, number)


def map_contact(raw: Raw) -> Moved:
    """Return the person of a contact, whose `name` is the first name. Offorte takes nobody without an e-mail."""
    first, last = text(raw, "name"), text(raw, "surname")
    name, email = join(first, last), text(raw, "email")
    title = ", ".join(dict.fromkeys(filter(None, (text(raw, part) for part in ("title", "function", "department")))))
    obstacle: Reason | None = None
    if not name:
        obstacle = MoveReason.NAMELESS()
    elif not email:
        obstacle = MoveReason.NO_EMAIL()
    values = filled_in(
        fullname=name,
        firstname=first,
        lastname=last,
        email=email,
        phone=text(raw, "officephone"),
        mobile=text(raw, "cellphone"),
        street=text(raw, "street"),
        zipcode=text(raw, "zip"),
        city=text(raw, "city"),
    )
    warnings = left_out(MoveWarning.TITLE_LEFT_OUT, title) + left_out(MoveWarning.TAGS_LEFT_OUT, names_of(raw, "tags"))
    return Moved(
        "person",
        text(raw, "id"),
        name or email,
        parent=text(child(raw, "account"), "id"),
        values=values,
        warnings=tuple(warnings),
        obstacle=obstacle,
    )


def map_article(raw: Raw, names: Names, currency: str) -> Moved:
    """Return the product of an article. The number is its SKU, the group its directory, the unit part of its text."""
    name, number, warnings = text(raw, "name"), text(raw, "number"), []
    figures: dict[str, Decimal | None] = {}
    for field in ("price", "vat", "discount"):
        figures[field] = to_number(raw.get(field))
        if figures[field] is None and raw.get(field) not in (None, ""):
            warnings.append(MoveWarning.NUMBER_UNREAD(field=field, value=str(raw[field])[:100]))
    price, vat = figures["price"], figures["vat"]
    if price is None:
        warnings.append(MoveWarning.PRICE_MISSING())
    if figures["discount"]:
        warnings.append(MoveWarning.DISCOUNT_LEFT_OUT(value=f"{figures['discount']:f}"))
    unit_id = text(raw, "unitid")
    unit = names.get("unit", {}).get(unit_id, "")
    description = text(raw, "description", "presentation")
    if unit:
        warnings.append(MoveWarning.UNIT_IN_TEXT(value=unit))
        description = f"{description} ({unit})" if description else unit
    warnings += left_out(MoveWarning.TAGS_LEFT_OUT, names_of(raw, "tags"))
    group = text(raw, "groupid")
    return Moved(
        "product",
        text(raw, "id"),
        name or number,
        parent="" if group == "0" else group,
        values=filled_in(
            name=name or number,
            sku=number,
            price="" if price is None else f"{price:f}",
            descr_short=description,
        ),
        facts=filled_in(number=number, vat="" if vat is None else f"{vat.normalize():f}", currency=currency),
        warnings=tuple(warnings),
        obstacle=None if name or number else MoveReason.NAMELESS(),
    )
