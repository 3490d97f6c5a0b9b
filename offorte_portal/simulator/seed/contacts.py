"""Companies and people of an account."""

import random
import re
import unicodedata
from collections.abc import Sequence
from typing import TypeVar

from offorte_portal.simulator.account import Account
from offorte_portal.simulator.records import COMPANY_FIELDS, Record
from offorte_portal.simulator.seed import words

T = TypeVar("T")


def pick(rng: random.Random, choices: Sequence[T]) -> T:
    """One of the choices; many times faster than `Random.choice`."""
    return choices[int(rng.random() * len(choices))]


def slug(text: str) -> str:
    """Letters, digits and hyphens, for host names and mail addresses."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")


def add_companies(account: Account, rng: random.Random, count: int) -> None:
    """Companies with Dutch addresses; the first few dozen contain some awkward names."""
    for number in range(count):
        is_awkward = number % 4 == 3 and number // 4 < len(words.AWKWARD_COMPANIES)
        name = words.AWKWARD_COMPANIES[number // 4] if is_awkward else _company_name(rng)
        id = account.ids["company"].take()
        account.companies[id] = _company(rng, id, name)


def add_people(account: Account, rng: random.Random, count: int) -> None:
    """Add people, spread unevenly; about one company in twelve has none, and some people have no e-mail address."""
    companies = list(account.companies.values())
    peopled = [company for number, company in enumerate(companies) if number % 12 != 5] or companies
    for number in range(count):
        # The power favours the first: some companies have a dozen people, most one or two.
        index = number if number < len(peopled) else int(rng.random() ** 1.3 * len(peopled))
        company = peopled[index]
        is_awkward = number % 9 == 8 and number // 9 < len(words.AWKWARD_PEOPLE)
        person = _person(rng, company, words.AWKWARD_PEOPLE[number // 9] if is_awkward else None)
        id = account.ids["person"].take()
        account.people[id] = {"id": id, "company_id": company["id"], **person}
        account.people_of[company["id"]].append(id)


def _company_name(rng: random.Random) -> str:
    last = pick(rng, words.LAST_NAMES)
    form = pick(rng, words.LEGAL_FORMS)
    name = f"{pick(rng, words.PREFIXES)}{last[0].upper()}{last[1:]} {pick(rng, words.TRADES)}"
    return f"{name} {form}".rstrip()


def _company(rng: random.Random, id: int, name: str) -> Record:
    host = f"{slug(name) or 'klant'}-{id}.example"
    has_all = rng.random() < 0.8
    return {
        "id": id,
        "name": name,
        **address(rng),
        "phone": phone(rng) if has_all else "",
        "fax": phone(rng) if rng.random() < 0.1 else "",
        "email": f"info@{host}" if has_all else "",
        "internet": f"https://www.{host}" if has_all else "",
        "linkedin": f"https://linkedin.example/company/{id}" if rng.random() < 0.3 else "",
        "facebook": f"https://facebook.example/{id}" if rng.random() < 0.2 else "",
        "twitter": "",
        "coc_number": f"{int(rng.random() * 90_000_000) + 10_000_000}" if has_all else "",
        "vat_number": f"NL{int(rng.random() * 900_000_000) + 100_000_000}B01" if has_all else "",
    }


def address(rng: random.Random) -> Record:
    """Street with number, zip code such as 4811 AB, city, province and country."""
    city, state, zone = pick(rng, words.PLACES)
    letters = pick(rng, "ABCDEGHJKLMNPRSTVWXZ") + pick(rng, "ABCDEGHJKLMNPRSTVWXZ")
    return {
        "street": f"{pick(rng, words.STREETS)} {int(rng.random() * 240) + 1}",
        "zipcode": f"{zone}{int(rng.random() * 89) + 10} {letters}",
        "city": city,
        "state": state,
        "country": "Nederland",
    }


def phone(rng: random.Random, area: str = "") -> str:
    """A number in the international form."""
    return f"+31 {area or int(rng.random() * 60) + 20} {int(rng.random() * 9_000_000) + 1_000_000}"


def _person(rng: random.Random, company: Record, name: tuple[str, str] | None) -> Record:
    salutation, first = pick(rng, words.FIRST_NAMES)
    first, last = name or (first, pick(rng, words.LAST_NAMES))
    host = (company["email"] or f"x@particulier-{company['id']}.example").partition("@")[2]
    has_email = rng.random() < 0.94
    own_address = address(rng) if rng.random() < 0.25 else dict.fromkeys(COMPANY_FIELDS[1:6], "")
    local = slug(f"{first} {last}") or "contact"
    return {
        "email": f"{local}@{host}" if has_email else "",
        "firstname": first,
        "lastname": last,
        "fullname": f"{first} {last}",
        "salutation": salutation,
        **own_address,
        "phone": phone(rng) if rng.random() < 0.5 else "",
        "mobile": phone(rng, "6") if rng.random() < 0.6 else "",
        "internet": "",
        "linkedin": f"https://linkedin.example/in/{local}" if rng.random() < 0.25 else "",
        "facebook": "",
        "twitter": "",
    }
