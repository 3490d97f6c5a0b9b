"""Fynn: `/offers` without /api, `/api/offers/{id}` with it, money in minor units."""

from typing import Any

from offorte_portal.simulator.sources import words
from offorte_portal.simulator.sources.system import Asked, SimulatedSystem, Told, page_of

STATUSES = ("open", "open", "signing", "awaiting_invoice_details", "signed", "archived")
PDF = b"%PDF-1.4\n%simulated\n"


class Fynn(SimulatedSystem):
    """Offers, customers, files."""

    name = "fynn"
    secret = "api_fynn-secret-1"
    all_rights = frozenset({"offer:read", "customer:read"})

    def __init__(self, quotes: int) -> None:
        super().__init__()
        # Whether the list tells when an offer changed, which no document says.
        self.tells_updates = True
        # Where files are moved to, as a storage elsewhere would be.
        self.storage_url = ""
        self.customers = {key_of(500 + one): make_customer(one) for one in range(max(1, quotes // 5))}
        self.offers = [make_offer(number, list(self.customers.values())) for number in range(quotes)]
        self.route(r"/offers", self.list_offers, "offer:read")
        self.route(r"/api/offers/([0-9A-Z]+)", self.get_offer, "offer:read")
        self.route(r"/customers/([0-9A-Z]+)", self.get_customer, "customer:read")
        self.route(r"/media/([0-9A-Z]+)/download", self.get_media)

    def is_allowed(self, asked: Asked) -> bool:
        return asked.headers.get("authorization") == f"Bearer {self.secret}"

    def forbid(self, right: str) -> Told:
        return Told({"title": "Forbidden", "detail": f"Permission {right} is required.", "violations": []}, 403)

    def list_offers(self, asked: Asked) -> Told:
        if not 0 < int(asked.query.get("limit", "30")) < 100:
            return Told({"title": "Bad request", "detail": "limit", "violations": []}, 400)
        shown, number, per = page_of(self.offers, asked.query, "page", "limit", 30)
        last = max(1, -(-len(self.offers) // per))
        told = ("id", "number", "updatedAt") if self.tells_updates else ("id", "number")
        pagination = {
            "totalItems": len(self.offers),
            "itemsPerPage": per,
            "currentPage": number,
            "lastPage": last,
            "pageTotalItems": len(shown),
        }
        return Told({"data": [{name: one[name] for name in told} for one in shown], "meta": {"pagination": pagination}})

    def get_offer(self, asked: Asked, key: str) -> Told:
        found = [one for one in self.offers if one["id"] == key]
        return Told(found[0]) if found else Told({"title": "Not found", "detail": "", "violations": []}, 404)

    def get_customer(self, asked: Asked, key: str) -> Told:
        found = self.customers.get(key)
        return Told(found) if found else Told({"title": "Not found", "detail": "", "violations": []}, 404)

    def get_media(self, asked: Asked, key: str) -> Told:
        if self.storage_url:
            return Told(b"", 302, {"Location": f"{self.storage_url}/{key}?signature=abc"})
        return Told(PDF)


def key_of(number: int) -> str:
    return f"01J9ZK7Q4M{number:016}"


def make_customer(index: int) -> dict[str, Any]:
    first, last = words.person(index)
    address = {
        "city": "Köln",
        "zip": "50667",
        "street": "Domstraße",
        "houseNumber": str(index + 1),
        "countryCode": "DE",
    }
    return {
        "id": key_of(500 + index),
        "customerNumber": f"K-{index + 1}",
        "firstName": first,
        "lastName": last,
        "currencyCode": "EUR",
        "countryCode": "DE",
        "companyName": f"{words.company(index)} GmbH",
        "vatId": f"DE{index:09}",
        "status": "active",
        "phone": "+49 221 000",
        "language": "de",
        "emailAddresses": [
            {"email": f"info@{words.domain(index)}", "receiverName": "", "type": "all", "default": True}
        ],
        "addresses": [address],
    }


def make_offer(number: int, customers: list[dict[str, Any]]) -> dict[str, Any]:
    status = STATUSES[number % len(STATUSES)]
    day = f"2025-{number % 12 + 1:02}-{number % 27 + 1:02}"
    issued = None if number % len(STATUSES) == 0 else f"{day}T09:30:00+01:00"
    signed = status == "signed"
    customer = customers[number % len(customers)]
    # One person a customer, whom each offer names as a recipient of its own.
    person = number % len(customers)
    first, last = words.person(person)
    files = {
        slot: {"id": key_of(9000 + number * 3 + place), "filename": f"{slot}.pdf", "url": "https://coreapi.io/secret"}
        if signed
        else None
        for place, slot in enumerate(("signed", "auditLog", "purchaseOrder"))
    }
    return {
        "id": key_of(number + 1),
        "number": f"ANG-{1000 + number}",
        "status": status,
        "acceptanceMode": "click",
        "dealType": "new_business",
        "recipients": [
            {"id": key_of(3000 + number), "email": words.email(person), "firstName": first, "lastName": last}
        ],
        "documents": files,
        "name": None if number % 4 == 0 else words.WORKS[number % len(words.WORKS)],
        "locale": "de",
        "validUntil": f"{day}T23:59:59+01:00",
        "createdAt": f"{day}T09:00:00+01:00",
        "updatedAt": f"{day}T10:00:00+01:00",
        "issuedAt": issued,
        "signedAt": f"{day}T16:00:00+01:00" if signed else None,
        "contractValue": {
            "amount": (number * 7919) % 900_000 + 10_000,
            "currencyCode": "eur" if number % 7 == 3 else "EUR",
            "precision": 2,
        },
        "proposal": {"opaque": {"positions": [number]}},
        "sections": [{}],
        "autoActivateSubscription": True,
        "customVariables": {},
        "links": {"self": f"https://coreapi.io/api/offers/{key_of(number + 1)}"},
        "customer": {"id": customer["id"], "name": customer["companyName"]},
        "subscription": {"id": key_of(5000 + number), "number": f"SUB-{2000 + number}"} if signed else None,
        "contactPerson": None,
        "salesChannel": {"id": key_of(900), "name": "Direktvertrieb", "brandName": "Musterfirma"},
    }
