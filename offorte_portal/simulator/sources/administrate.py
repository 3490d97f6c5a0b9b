"""Administrate: lists as bare arrays with their counts in headers; accounts and contacts in an earlier version."""

from typing import Any

from offorte_portal.simulator.sources import words
from offorte_portal.simulator.sources.system import Asked, SimulatedSystem, Told, page_of

SELLER = {"id": 1, "name": "Acme Corp"}
STEPS = {
    1: ("Enquiry", "Open", None),
    2: ("Quote sent", "Open", None),
    5: ("Closed won", "Won", True),
    6: ("Closed lost", "Lost", True),
}
PDF = b"%PDF-1.4\n%simulated quote\n"


class Administrate(SimulatedSystem):
    """Opportunities with interests and generated quotes."""

    name = "administrate"
    user = "rest@acme.example"
    secret = "web-user-password-1"
    all_rights = frozenset({"opportunities", "accounts", "contacts"})

    def __init__(self, quotes: int) -> None:
        super().__init__()
        count = max(1, quotes // 5)
        self.accounts = {number: make_account(number) for number in range(4, 4 + count)}
        self.contacts = {number: make_contact(number) for number in range(12, 12 + count)}
        self.opportunities = [make_opportunity(number, count) for number in range(1, quotes + 1)]
        self.route(r"/api/v2\.5/crm/opportunities", self.list_opportunities, "opportunities")
        self.route(r"/api/v2\.5/crm/opportunities/(\d+)", self.get_opportunity, "opportunities")
        self.route(r"/api/v2\.5/crm/opportunities/quotes/(\d+)/render_pdf", lambda asked, key: Told(PDF))
        self.route(r"/api/v2\.5/crm/opportunity_steps", self.list_steps)
        self.route(r"/api/v2/crm/accounts/(\d+)", lambda asked, key: tell(self.accounts.get(int(key))), "accounts")
        self.route(r"/api/v2/crm/contacts/(\d+)", lambda asked, key: tell(self.contacts.get(int(key))), "contacts")

    def is_allowed(self, asked: Asked) -> bool:
        return asked.basic() == (self.user, self.secret)

    def list_opportunities(self, asked: Asked) -> Told:
        found = sorted(self.opportunities, key=lambda one: str(one["id"]).zfill(9))
        if since := asked.query.get("updated_at__gt"):
            found = sorted((one for one in found if one["updated_at"] > since), key=lambda one: str(one["updated_at"]))
        shown, number, per = page_of(found, asked.query, "_page", "_limit", 50)
        counts = {"Page": number, "Pages": -(-len(found) // per), "Per": per, "Total": len(found)}
        return Told(shown, headers={f"X-Pagination-{name}": str(count) for name, count in counts.items()})

    def get_opportunity(self, asked: Asked, key: str) -> Told:
        return tell(next((one for one in self.opportunities if one["id"] == int(key)), None))

    def list_steps(self, asked: Asked) -> Told:
        return Told([{"id": key, "name": name, "closed": closed} for key, (name, _, closed) in STEPS.items()])


def tell(found: dict[str, Any] | None) -> Told:
    return Told(found) if found else Told({"message": "does not exist"}, 404)


def make_step(key: int) -> dict[str, Any]:
    name, status, closed = STEPS[key]
    return {
        "id": key, "name": name, "closed": closed, "current": None, "probability": None, "transitions": [],
        "stage": {"status": status, "id": key, "name": name},
    }  # fmt: skip


def make_interest(number: int, place: int, *, is_of_quote: bool) -> dict[str, Any]:
    event = {"places_available": None, "code": None, "course": None, "title": words.WORKS[number % 12], "id": number,
             "start": "2016-12-13T00:00:00Z"}  # fmt: skip
    interest: dict[str, Any] = {
        "id": number * 10 + place,
        "event": event,
        "course": None,
        "item": None,
        "is_discountable": True,
        "is_iht": False,
        "is_taxable": place == 0,
        "notes": None,
        "price": 250.0 + number + place * 0.5,
        "quantity": place + 1,
        "children": [],
        "tax_type": None,
    }
    return interest if is_of_quote else interest | {"delegates": [], "is_reserved": False, "track": None, "tag": None}


def make_interests(number: int, *, is_of_quote: bool) -> list[dict[str, Any]]:
    """Two events; of some opportunities also a learning track, whose places are priced below it."""
    interests = [make_interest(number, place, is_of_quote=is_of_quote) for place in range(2)]
    if number % 5 == 2:
        parts = [make_interest(number, place, is_of_quote=is_of_quote) for place in (3, 4)]
        track = make_interest(number, 2, is_of_quote=is_of_quote)
        track |= {"event": None, "track": {"id": number, "name": "Leadership track"}, "price": None, "quantity": None}
        interests.append(track | {"children": parts})
    return interests


def sum_up(interests: list[dict[str, Any]]) -> float:
    """What interests cost, with what is below them."""
    return sum((one["price"] or 0) * (one["quantity"] or 1) + sum_up(one["children"]) for one in interests)


def make_opportunity(number: int, count: int) -> dict[str, Any]:
    interests = make_interests(number, is_of_quote=False)
    value = sum_up(interests)
    moment = f"2016-{number % 12 + 1:02}-{number % 27 + 1:02}T10:{number % 60:02}:00Z"
    has_quote = number % 3 != 0
    quotes = [
        {
            "id": number * 100,
            "cover_letter": "Please find attached your quote as discussed",
            "created_at": moment,
            "updated_at": moment,
            "expires_at": "2017-10-01",
            "value": value,
            "company": SELLER,
            "currency": {"id": "gbp" if number % 7 == 3 else "GBP"},
            "discount_type": None,
            "interests": make_interests(number, is_of_quote=True),
            "region": {"id": "SCO", "default_tax": None, "name": "Scotland"},
            "user": {"id": 1, "name": "John Smith"},
        }
    ]
    account, contact = 4 + number % count, 12 + number % count
    named = {"account": {"id": account, "name": words.company(account)}, "contact": {"id": contact, "name": "Buyer"}}
    return {
        "id": number,
        "name": words.WORKS[number % 12],
        "value": value,
        "created_at": moment,
        "updated_at": moment,
        "closing_date": "2016-11-20",
        "external_id": None,
        "attributes": {},
        "company": SELLER,
        "currency": {"id": "GBP"},
        "step": make_step((1, 2, 5, 6)[number % 4]),
        "interests": interests,
        "quotes": quotes if has_quote else [],
        "documents": [{"id": number, "name": "Terms", "body": "<p>Terms</p>", "created_at": moment}]
        if has_quote
        else [],
        "user": {"id": 1, "name": "John Smith"},
        "region": {"id": "SCO", "default_tax": None, "name": "Scotland"},
        "children": [],
        **named_by(number, named),
    }


def named_by(number: int, named: dict[str, Any]) -> dict[str, Any]:
    """Who it is for: account and contact, the contact alone, or nobody."""
    return named | {0: {"account": None, "contact": None}, 3: {"account": None}}.get(number % 6, {})


def make_account(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "name": f"{words.company(number)} Ltd",
        "email": f"info@{words.domain(number)}",
        "tel": "+44 113 000",
        "url": f"https://www.{words.domain(number)}",
        "vat_number": f"GB{number:09}",
        "company_number": f"{number:08}",
        "address_street": f"{number} High Street",
        "address_town": "Leeds",
        "address_region": None,
        "address_postcode": "LS1 1AA",
        "address_country": "GB",
    }


def make_contact(number: int) -> dict[str, Any]:
    first, last = words.person(number)
    return {
        "id": number,
        "first_name": first,
        "last_name": last,
        "email": words.email(number),
        "tel": "+44 113 001",
        "mobile": None,
        "job_title": "Head of training",
        "account_id": number - 8,
        "company_id": None,
    }
