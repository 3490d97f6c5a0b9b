"""How companies, and the people nested in them, are mirrored."""

from collections.abc import Mapping
from typing import Any

from contacts.models import Company, Person
from offorte_portal.api.payloads import CompanyPayload, PersonPayload
from offorte_portal.mirror.items import listed
from offorte_portal.mirror.omissions import Key
from offorte_portal.mirror.registry import register
from offorte_portal.mirror.resource import Link, Nested, Resource
from offorte_portal.mirror.search_parts import Place, SearchPart, addresses, named, phones, street_address
from offorte_portal.text.keys import full_coc_number


def person_search(person: Mapping[str, Any]) -> list[SearchPart]:
    """Return what a person is found by: names, e-mail address, phone numbers and postal address."""
    get = person.get
    return [
        *named(Place.NAME, get("fullname"), get("firstname"), get("lastname")),
        *addresses(get("email")),
        *phones(get("country"), get("phone"), get("mobile")),
        *street_address(get("street"), get("zipcode"), get("city")),
    ]


def company_search(company: Mapping[str, Any]) -> list[SearchPart]:
    """Return what a company is found by: name, numbers, its people, e-mail and web address, phone, postal address."""
    get = company.get
    people = [person for person in listed(get("people")) if isinstance(person, dict)]
    return [
        *named(Place.NAME, get("name")),
        *named(Place.NUMBER, get("vat_number"), full_coc_number(get("coc_number"))),
        *named(Place.PERSON, *(person.get("fullname") for person in people)),
        *addresses(get("email"), get("internet"), *(person.get("email") for person in people)),
        *phones(get("country"), get("phone")),
        *street_address(get("street"), get("zipcode"), get("city")),
    ]


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
