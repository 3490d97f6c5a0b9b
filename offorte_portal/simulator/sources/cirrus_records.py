"""Accounts, contacts and articles of Cirrus with all keys that its lists have in the reference."""

from typing import Any

from offorte_portal.simulator.sources import words

UNITS = [
    {"id": 1, "name": "st", "externalkey": None},
    {"id": 2, "name": "m²", "externalkey": None},
    {"id": 3, "name": "tim", "externalkey": None},
]
GROUPS = [
    {"id": 11, "name": "Takstolar", "externalkey": None, "sortorder": 1},
    {"id": 12, "name": "Arbete", "externalkey": None, "sortorder": 2},
    {"id": 13, "name": "Frakt", "externalkey": None, "sortorder": 3},
]
ARTICLES = ("Takstol", "Limträbalk", "Montering", "Byggskiva", "Ytterdörr", "Fönster", "Isolering", "Frakt")
COORDINATES = {"latitude": None, "longitude": None, "distance": None}
EMPTY_ADDRESS: dict[str, Any] = {
    "careof": None, "name": None, "street": None, "zip": None, "city": None, "country": None, "email": None,
    "coordinates": COORDINATES, "number": None, "letter": None,
}  # fmt: skip
# What the list of articles has besides what an article is made with.
OTHER_OF_ARTICLE: dict[str, Any] = {
    "warehousestatusid": 0, "businessareaid": 0, "servicelevelid": 0, "warehouseid": 0, "commision": 0,
    "externalkey": "", "imageurl": "", "url1": "", "url2": "", "stockbalance": 0, "accountid": 0, "suppliername": "",
    "supplierarticlenumber": "", "stockbalancewarningtreshold": 0, "brandid": 0, "materialid": 0, "incampaign": 0,
    "volume": 0, "area": 0, "volumegroupid": 0, "discountgroupid": 0, "budgetgroupid": 0, "presentation": "",
    "discount": 0,
}  # fmt: skip


def complete_account(account: dict[str, Any]) -> dict[str, Any]:
    """Every third account has goods delivered elsewhere, every fifth gets its invoices elsewhere."""
    number = account["id"]
    index = number - 310
    addresses = {kind: EMPTY_ADDRESS | address for kind, address in account["addresses"].items()}
    if index % 3 == 1:
        addresses["delivery"] |= {"street": f"Hamngatan {number}", "zip": "211 22", "city": "Malmö"}
    if index % 5 == 2:
        addresses["invoice"] |= {"street": f"Box {number}", "zip": "111 20", "city": "Stockholm"}
    return account | {
        "fax": "",
        "info": "",
        "socialmedia_fb": "",
        "socialmedia_tw": "",
        "socialmedia_li": "",
        "department": "",
        "externalkey": "",
        "uservisitintervalweeks": 0,
        "alternateuservisitintervalweeks": 0,
        "addresses": addresses,
        "files": [],
        "type": {"id": 1, "name": "Kund"},
        "user": None,
        "parentaccount": None,
        "contacts": [],
        "followers": [],
        "accountgroups": [{"id": 1, "name": "Byggföretag"}] if index % 2 else [],
        "tags": [{"id": 9, "name": "VIP", "type": "company"}] if index % 7 == 3 else [],
        "alternateuserid": "",
        "alternateuser": None,
    }


def make_contact(number: int, account: dict[str, Any]) -> dict[str, Any]:
    """The contact of the account with the same place in its list. Its personal number must not be stored anywhere."""
    index = number - 520
    first, last = words.person(index)
    return {
        "id": number,
        "account": account,
        "name": first,
        "surname": last,
        "function": "Inköpare",
        "department": "",
        "email": words.email(index),
        "officephone": "+46 8 001",
        "cellphone": f"+46 70 {number:07}",
        "title": "Purchaser",
        "street": "",
        "city": "",
        "zip": "",
        "primarycontact": 1,
        "socialmedia_fb": "",
        "socialmedia_tw": "",
        "socialmedia_li": "",
        "idnumber": f"19700101-{number:04}",
        "externalkey": "",
        "active": 1,
        "superior": None,
        "files": [],
        "followers": [],
        "photo": {"avatar": "", "photo": ""},
        "tags": [],
    }


def make_article(number: int) -> dict[str, Any]:
    """An article in one of the groups; every ninth in none. The first are those that quotes name."""
    index = number - 801
    name = ARTICLES[index % len(ARTICLES)]
    return OTHER_OF_ARTICLE | {
        "id": number,
        "name": f"{name} 8 m" if index < len(ARTICLES) else f"{name} {8 + index // len(ARTICLES)} m",
        "price": 1450.0 - index % 10 * 130.5,
        "description": "Tryckimpregnerad" if index % 2 else "",
        "unitid": UNITS[index % 3]["id"],
        "groupid": None if index % 9 == 8 else GROUPS[index % 3]["id"],
        "number": f"TS-{8000 + index}",
        "buyprice": 900.0,
        "vat": 6 if index % 10 == 9 else 25,
        "active": 1,
        "sortorder": index,
        "tags": [],
    }
