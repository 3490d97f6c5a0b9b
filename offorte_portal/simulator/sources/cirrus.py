"""Cirrus: lists of at most 50 a page, the page object in a list as the reference shows it."""

from typing import Any

from offorte_portal.simulator.sources import cirrus_records as records
from offorte_portal.simulator.sources import words
from offorte_portal.simulator.sources.system import Asked, SimulatedSystem, Told, page_of

STATUSES = (
    (1, "Utkast", 1, "active"),
    (2, "Skickad", 0, "active"),
    (3, "Utgången", 0, "expired"),
    (4, "Avböjd", 0, "denied"),
    (5, "Order", 0, "order"),
)
# The id of the first quote.
FIRST = 4101
STAMP = "2023-01-09T08:00:00Z"
UNIT = {"id": 1, "name": "st"}
# What each list takes besides `page` and `per_page`, and its orders (reference: Returns a paginated list of …).
FILTERS = {
    "accounts": {"active": {"0", "1", "2"}},
    "contacts": {"active": {"0", "1"}},
    "articles": {"active": {"0", "1"}},
}
ORDERS = {
    "accounts": ("name", "number", "userid"),
    "contacts": ("name", "surname", "email", "primarycontact"),
    "articles": ("name", "number", "suppliername", "supplierarticlenumber", "externalkey", "sort"),
    "articleunits": ("name", "id"),
}


class Cirrus(SimulatedSystem):
    """Quotes, accounts, contacts, articles, orders, and calls that would give passwords away.

    Without `customers` and `articles` there are as many accounts as the quotes name, and as many articles.
    """

    name = "cirrus"
    secret = "cirrus-x-token-1"
    client_id = "cirrus-client"
    client_secret = "cirrus-client-secret-1"
    all_rights = frozenset({"quotes", "accounts", "contacts", "articles", "orders", "opportunities"})

    def __init__(self, quotes: int, *, customers: int = 0, articles: int = 0) -> None:
        super().__init__()
        self.is_in_list = True
        self.bearers: list[str] = []
        count = max(1, quotes // 5)
        number_of = max(count, customers)
        self.accounts = {
            number: records.complete_account(make_account(number)) for number in range(310, 310 + number_of)
        }
        self.contacts = {
            number: records.make_contact(number, short_account(310 + number - 520))
            for number in range(520, 520 + number_of)
        }
        self.articles = {number: records.make_article(number) for number in range(801, 801 + max(2, articles))}
        self.quotes = [make_quote(number, count) for number in range(quotes)]
        self.route(r"/quotes", self.list_quotes, "quotes")
        self.route(r"/quotes/statuses", lambda asked: self.page([make_status(*one) for one in STATUSES], asked))
        self.route(r"/quotes/relations", self.list_relations)
        self.route(r"/quotes/(\d+)", self.get_quote, "quotes")
        self.route(r"/accounts/(\d+)", lambda asked, key: tell(self.accounts.get(int(key))), "accounts")
        self.route(r"/accounts", lambda asked: self.list_all(asked, "accounts"), "accounts")
        self.route(r"/contacts", lambda asked: self.list_all(asked, "contacts"), "contacts")
        self.route(r"/articles", lambda asked: self.list_all(asked, "articles"), "articles")
        self.route(r"/articleunits", lambda asked: self.list_all(asked, "articleunits"), "articles")
        self.route(r"/articlegroups", lambda asked: Told(records.GROUPS), "articles")
        self.route(r"/articles/(\d+)", self.get_article, "articles")
        self.route(r"/orders/(\d+)", self.get_order, "orders")
        self.route(r"/opportunities/(\d+)", self.get_opportunity, "opportunities")
        self.route(r"/settings", lambda asked: Told({"consent": {"email": {"password": "leak-settings"}}}))
        self.route(r"/users/(\d+)", lambda asked, key: Told({"emailsettings": {"password": "leak-user"}}))

    def is_allowed(self, asked: Asked) -> bool:
        bearer = asked.headers.get("authorization", "").removeprefix("Bearer ")
        return asked.headers.get("x-token") == self.secret or (bool(bearer) and bearer in self.bearers)

    def post(self, asked: Asked) -> Told:
        """Only a token can be posted for."""
        if asked.path != "/oauth/token":
            return super().post(asked)
        is_client = asked.basic() == (self.client_id, self.client_secret)
        if not is_client or asked.form.get("grant_type") != "client_credentials":
            return Told({"error": "invalid_client"}, 401)
        self.bearers.append(f"cirrus-bearer-{len(self.bearers) + 1}")
        return Told({"access_token": self.bearers[-1], "token_type": "Bearer", "expires_in": 3600})

    def page(self, items: list[Any], asked: Asked) -> Told:
        if int(asked.query.get("per_page", "10")) > 50:
            return Told({"message": "per_page is at most 50"}, 400)
        shown, number, per = page_of(items, asked.query, "page", "per_page", 10)
        body = {"page": number, "pages": -(-len(items) // per), "per_page": per, "total": len(items), "items": shown}
        return Told([body] if self.is_in_list else body)

    def list_quotes(self, asked: Asked) -> Told:
        if asked.query.get("sorting") != "placedate_asc":
            return Told({"message": "sorting is required"}, 400)
        return self.page(sorted(self.quotes, key=lambda one: (one["placedate"], one["id"])), asked)

    def list_all(self, asked: Asked, name: str) -> Told:
        """A list, in one of its orders; a parameter that the reference lacks, or with another value, is refused."""
        filters, asked_for = FILTERS.get(name, {}), dict(asked.query)
        given = {key: value for key, value in asked_for.items() if key not in {"page", "per_page", "sorting"}}
        order, _, direction = asked_for.get("sorting", "").rpartition("_")
        if order not in ORDERS[name] or direction not in {"asc", "desc"}:
            return Told({"message": "sorting is required"}, 400)
        if wrong := [key for key, value in given.items() if value not in filters.get(key, set())]:
            return Told({"message": f"Unknown parameter: {wrong[0]}"}, 400)
        entries = list(records.UNITS if name == "articleunits" else getattr(self, name).values())
        if filters and (active := given.get("active", "1")) != "2":
            entries = [entry for entry in entries if str(entry["active"]) == active]
        column = {"sort": "sortorder", "userid": "id"}.get(order, order)
        ordered = sorted(
            entries, key=lambda entry: (str(entry[column] or ""), entry["id"]), reverse=direction == "desc"
        )
        return self.page(ordered, asked)

    def get_quote(self, asked: Asked, key: str) -> Told:
        return tell(next((one for one in self.quotes if one["id"] == int(key)), None))

    def get_article(self, asked: Asked, key: str) -> Told:
        return Told(self.articles.get(int(key)) or {"id": int(key), "name": "Takstol 8 m", "vat": 25})

    def get_order(self, asked: Asked, key: str) -> Told:
        number = int(key) - FIRST - 2000
        return Told({"id": int(key), "placedate": "2025-02-21T10:00:00Z", "alternateid": f"O-2025-{number}"})

    def get_opportunity(self, asked: Asked, key: str) -> Told:
        found = (one["opportunity"] for one in self.quotes if one["opportunity"])
        short = next((one for one in found if one["id"] == int(key)), None)
        if short is None:
            return tell(None)
        reason = {"id": 3, "name": "Too expensive", "sortorder": 3}
        return Told(short | {"closed": 1, "lostreason": reason, "lostreasonid": 3, "winreason": None})

    def list_relations(self, asked: Asked) -> Told:
        wanted = asked.query.get("quoteid")
        ordered = [one for one in self.quotes if one["status"]["metatype"] == "order"]
        relations = [
            {"id": one["id"] + 80_000, "quoteid": one["id"], "otherid": one["id"] + 2000, "type": "order", "value": ""}
            for one in ordered
            if wanted in {None, str(one["id"])}
        ]
        return self.page(relations, asked)


def tell(found: dict[str, Any] | None) -> Told:
    return Told(found) if found else Told({"message": "Not found"}, 404)


def make_status(key: int, name: str, is_default: int, metatype: str) -> dict[str, Any]:
    return {"id": key, "name": name, "sortorder": key, "isdefault": is_default, "metatype": metatype,
            "tscreated": STAMP, "tsupdated": STAMP}  # fmt: skip


def make_user(key: int) -> dict[str, Any]:
    first, last = words.person(key)
    return {"id": key, "name": first, "surname": last, "title": "Sales", "email": f"{first}@seller.example".lower(),
            "phone": "", "cellphone": ""}  # fmt: skip


def short_account(number: int) -> dict[str, Any]:
    index = number - 310
    return {
        "id": number,
        "name": f"{words.company(index)} AB",
        "alt_name": "",
        "number": f"10{number}",
        "email": f"info@{words.domain(index)}",
        "phone": "+46 8 000",
        "cellphone": "",
        "coordinates": {"latitude": None, "longitude": None, "distance": None},
    }


def make_account(number: int) -> dict[str, Any]:
    address = {"careof": None, "name": None, "street": f"Storgatan {number}", "zip": "411 01", "city": "Göteborg",
               "country": "SE", "email": None, "number": None, "letter": None}  # fmt: skip
    addresses = dict.fromkeys(("visiting", "delivery", "invoice", "postal"), address)
    url = f"https://www.{words.domain(number - 310)}"
    return short_account(number) | {"url": url, "vatno": f"SE{number:012}", "active": 1, "addresses": addresses}


def make_row(quote: int, place: int) -> dict[str, Any]:
    quantity, price, percent = place + 2, 1450.0 - place * 130.5, 10 if place == 1 else 0
    total = round(quantity * price * (100 - percent) / 100, 2)
    return {
        "id": quote * 10 + place,
        "quoteid": quote,
        "alternateid": "",
        "quantity": quantity,
        "discountspecial": 0,
        "sortorder": place,
        "price": price,
        "currencycode": "SEK",
        "currencyrate": 1,
        "statisticsprice": price,
        "alternativevalue": 0,
        "buyprice": price * 0.6,
        "specification": "Takstol 8 m, tryckimpregnerad" if place else "",
        "discountpercent": percent,
        "discountamount": 0,
        "costcenter": "",
        "externalkey": None,
        "pricewarning": 0,
        "totalprice": total,
        "totalpricestatistics": total,
        "totalalternativevalue": 0,
        "pricelist": {"id": 1, "name": "Standardprislista", "prices": []},
        "pricegroup": {"id": 1, "name": "Standard", "unit": UNIT, "min": 0, "max": 0},
        "article": {"id": 801 + place, "name": "Takstol 8 m", "number": f"TS-{8000 + place}"},
        "articleunit": UNIT,
        "sortgroup": 1,
        "tags": [],
    }


def make_opportunity(number: int, account: int) -> dict[str, Any]:
    return {"id": 6000 + number, "title": words.WORKS[number % 12], "description": "", "user": make_user(7),
            "account": short_account(account), "estimatedenddate": "2025-12-31"}  # fmt: skip


def make_quote(number: int, count: int) -> dict[str, Any]:
    key = FIRST + number
    rows = [make_row(key, place) for place in range(2)]
    account, day = 310 + number % count, f"2025-{number % 12 + 1:02}-{number % 27 + 1:02}"
    first, last = words.person(number % count)
    contact = {"id": 520 + number % count, "name": first, "surname": last, "title": "Purchaser", "number": "",
               "email": words.email(number % count), "officephone": "+46 8 001", "cellphone": ""}  # fmt: skip
    return {
        "id": key,
        "price": round(sum(row["totalprice"] for row in rows), 2),
        "currencycode": "sek" if number % 7 == 3 else "SEK",
        "currencyrate": 1,
        "alternativevalue": 0,
        "buyprice": 1932.0,
        "discounted": True,
        "placedate": day,
        "validtodate": "2025-12-31",
        "alternateid": f"Q-2025-{number}",
        "externalcomment": "Pris exkl. resor",
        "internalcomment": "Kunden prutar",
        "deliverydate": day,
        "externalkey": "",
        "marking": words.WORKS[number % 12],
        "referencecode": "",
        "extracode": "",
        "pricelist": {"id": 1, "name": "Standardprislista", "prices": []},
        "tscreated": f"{day}T09:12:00Z",
        "tsupdated": f"{day}T14:15:22Z",
        "status": make_status(*STATUSES[number % len(STATUSES)]),
        "deliveryterm": {"id": 1, "name": "Fritt vårt lager"},
        "paymentterm": {"id": 2, "name": "30 dagar netto"},
        "deliverytype": {"id": 1, "name": "Bil"},
        "user": make_user(7),
        "user2": None,
        "account": short_account(account),
        "contact": contact,
        "opportunity": make_opportunity(number, account) if STATUSES[number % len(STATUSES)][3] == "denied" else None,
        "tags": [],
        "rows": rows,
    }
