"""How companies, and the people nested in them, are mirrored."""

from collections.abc import Mapping
from typing import Any

from contacts.models import Company, Person
from offorte_portal.api.payloads import CompanyPayload, PersonPayload
from offorte_portal.mirror.items import listed
from offorte_portal.mirror.omissions import Key
from offorte_portal.mirror.registry import register
from offorte_portal.mirror.resource import Link, Nested, Resource, searchable


def digits(phone: object) -> str:
    """Return only the digits of a phone number."""
    return "".join(filter(str.isdigit, phone)) if isinstance(phone, str) else ""


def person_search(person: Mapping[str, Any]) -> str:
    """Return the search text: name, e-mail and phone numbers."""
    names = [person.get(key) for key in ("fullname", "firstname", "lastname", "email")]
    return searchable(*names, digits(person.get("phone")), digits(person.get("mobile")))


def company_search(company: Mapping[str, Any]) -> str:
    """Return the search text: name, city, addresses, numbers, and the names and e-mails of its people."""
    own = [company.get(key) for key in ("name", "city", "zipcode", "email", "internet", "vat_number", "coc_number")]
    people = [person for person in listed(company.get("people")) if isinstance(person, dict)]
    theirs = [person.get(key) for person in people for key in ("fullname", "email")]
    return searchable(*own, digits(company.get("phone")), *theirs)


# Reference: Get company details, Get people details. All other keys may be empty.
NAME = str | int | float
PERSON = {"company_id": Key(int | str), "fullname": Key(NAME)}
COMPANY = {"name": Key(NAME), "people": Key(list), "people.id": Key(int | str), "people.fullname": Key(NAME)}

PEOPLE = Resource(
    name="people",
    model=Person,
    payload=PersonPayload,
    links=(Link(column="company", source="company_remote_id", target=Company),),
    documented=PERSON,
    search=person_search,
    bucket="company_remote_id",
    has_get=True,
)

COMPANIES = Resource(
    position=80,
    name="companies",
    model=Company,
    payload=CompanyPayload,
    nested=(Nested(key="people", resource=PEOPLE),),
    documented=COMPANY,
    search=company_search,
    has_get=True,
)

register(COMPANIES)
