"""Workspace: `/quotations.json` whole, everything a string, errors in the envelope."""

from typing import Any

from offorte_portal.simulator.sources import words
from offorte_portal.simulator.sources.system import Asked, SimulatedSystem, Told

# What an amount of a euro is in the list: a thousandth, which the portal is not told.
SCALE = 1000
LAYOUTS = ["Standaard template", "Layout zonder logo", "Layout tweede vestiging"]


class Workspace(SimulatedSystem):
    """Quotations and the contacts that they are for."""

    name = "workspace"
    secret = "workspace-api-token-1"
    all_rights = frozenset({"Quotations.read", "Contacts.read"})

    def __init__(self, quotes: int) -> None:
        super().__init__()
        self.contacts = {str(number): make_contact(number) for number in range(521, 521 + max(1, quotes // 4))}
        self.quotations = [make_quotation(number, list(self.contacts)) for number in range(quotes)]
        self.route(r"/quotations\.json", self.list_quotations, "Quotations.read")
        self.route(r"/quotations/(\d+)\.json", self.get_quotation, "Quotations.read")
        self.route(r"/quotations/actions/layouts\.json", lambda asked: envelope(LAYOUTS), "Quotations.read")
        self.route(r"/contacts\.json", self.list_contacts, "Contacts.read")
        self.route(r"/contacts/(\d+)\.json", self.get_contact, "Contacts.read")

    def is_allowed(self, asked: Asked) -> bool:
        return asked.basic() == ("token", self.secret)

    def refuse(self) -> Told:
        return envelope([], "Unauthorized", 401)

    def forbid(self, right: str) -> Told:
        return envelope([], "Forbidden", 403)

    def change_contact(self, key: str, **values: str) -> None:
        """A contact changes, and says when."""
        self.contacts[key] |= {"modified": "2014-11-03 12:00:00", **values}

    def list_contacts(self, asked: Asked) -> Told:
        if not self.contacts:
            return envelope([], "Contacts not found.", 404)
        entries = [{"Contact": one, "SubContact": []} for one in self.contacts.values()]
        return envelope({"count": len(entries), "Contacts": entries})

    def list_quotations(self, asked: Asked) -> Told:
        if not self.quotations:
            return envelope([], "Quotations not found.", 404)
        entries = [wrap(one) for one in self.quotations]
        return envelope({"count": len(entries), "Quotations": entries})

    def get_quotation(self, asked: Asked, key: str) -> Told:
        found = [one for one in self.quotations if one["id"] == key]
        return envelope(wrap(found[0])) if found else envelope([], "Quotation not found.", 404)

    def get_contact(self, asked: Asked, key: str) -> Told:
        found = self.contacts.get(key)
        return envelope({"Contact": found, "SubContact": []}) if found else envelope([], "Contact not found.", 404)


def envelope(data: Any, message: str = "success", code: int = 200) -> Told:
    return Told({"response": {"message": message, "exception": [], "code": code, "data": data}}, code)


def wrap(quotation: dict[str, Any]) -> dict[str, Any]:
    return {"Quotation": quotation, "Contact": [], "QuotationLine": []}


def make_quotation(number: int, contacts: list[str]) -> dict[str, Any]:
    euros = (number * 7919) % 9000 + 250
    day = f"2013-{number % 12 + 1:02}-{number % 27 + 1:02}"
    kind = number % 4
    return {
        "id": str(53 + number),
        "code": f"2013-{number + 1:04}",
        "hash": f"h{number:032x}",
        "name": words.WORKS[number % len(words.WORKS)],
        "description": "" if number % 3 else "Houtrot herstellen en twee lagen verf",
        "contact_id": contacts[number % len(contacts)],
        "contact_attention": " ".join(words.person(number)) if number % 2 else "",
        "project_id": str(60 + number) if number % 5 == 0 else None,
        "status": "1",
        "date_sent": f"{day} 09:00:00" if kind else None,
        "date_accepted": f"{day} 16:00:00" if kind == 3 else None,
        "discount": "10" if number % 7 == 0 else None,
        "total_price": str(euros * SCALE),
        "total_price_vat": str(euros * SCALE * 21 // 100),
        "layout": LAYOUTS[number % 3],
        "modified": f"{day} 17:00:00",
        "created": f"{day} 08:30:00",
        "total_price_discount": str(euros * SCALE // 10) if number % 7 == 0 else None,
    }


def make_contact(number: int) -> dict[str, Any]:
    index = number - 521
    return {
        "id": str(number),
        "client_reference": None,
        "client_code": f"D{number}",
        "group": None,
        "type": "1",
        "name": f"{words.company(index)} B.V.",
        "location_address": f"Dorpsstraat {index + 1}",
        "location_postal": "4811 AA",
        "location_city": words.CITIES[index % len(words.CITIES)],
        "location_country": "NL",
        "invoice_address": "",
        "invoice_postal": "",
        "invoice_city": "",
        "invoice_country": "",
        "phone": f"+31 76 000 {number}",
        "fax": "",
        "website": f"https://www.{words.domain(index)}",
        "btw": f"NL{number:09}B01",
        "kvk": f"{number:08}",
        "email": words.email(index),
        "bank_name": "Bank",
        "bank_nr": "NL00BANK0123456789",
        "created": "2013-01-01 08:00:00",
        "modified": "2013-01-01 08:00:00",
        "trashed": None,
        "payment_term": "14",
    }
