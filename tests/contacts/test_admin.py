"""The lists of companies and people: what they say, and what narrows them."""

from typing import Any

import pytest
from django.utils import timezone

from contacts.models import Company, Person
from tests.support.factories import make_company, make_person, make_proposal
from tests.support.lists import open_list

pytestmark = pytest.mark.django_db


def test_a_company_shows_where_it_is_and_how_much_there_is_of_it() -> None:
    company = make_company(name="Hotel Mastbosch", city="Breda", email="info@mastbosch.example", phone="+31 76 1")
    make_person(company=company)
    make_person(company=company, removed_at=timezone.now())
    for _ in range(2):
        make_proposal(company=company)
    make_proposal(company=company, removed_at=timezone.now())
    page = open_list(Company)
    assert "Hotel Mastbosch" in page.cell("title")
    assert "Breda" in page.cell("title")
    assert "info@mastbosch.example" in page.cell("email_text")
    assert ">1<" in page.cell("people_count")
    assert ">2<" in page.cell("proposal_count")


def test_a_company_without_anything_has_noughts() -> None:
    make_company()
    page = open_list(Company)
    assert ">0<" in page.cell("people_count")
    assert ">0<" in page.cell("proposal_count")


def test_companies_are_in_the_order_of_their_names() -> None:
    for name in ("beta", "Alfa", "alfa 2", "Gamma"):
        make_company(name=name)
    assert open_list(Company).names == ["Alfa", "alfa 2", "beta", "Gamma"]
    assert open_list(Company, "?o=-0").names == ["Gamma", "beta", "alfa 2", "Alfa"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?city=breda", {"Customer", "Prospect"}),
        ("?city=red&province=brabant", {"Customer"}),
        ("?country=belgie", {"Stranger"}),
        ("?country=BE", {"Stranger"}),
        ("?country=belg", {"Stranger"}),
        ("?proposals=yes", {"Customer", "Former"}),
        ("?proposals=no", {"Prospect", "Stranger"}),
        ("?open=yes", {"Customer"}),
        ("?q=cust", {"Customer"}),
    ],
)
def test_what_narrows_companies(query: str, expected: set[str]) -> None:
    make_proposal(company=make_company(name="Customer", city="Breda", state="Noord-Brabant"))
    make_proposal(company=make_company(name="Former", city="Zwolle"), status="lost")
    make_proposal(company=make_company(name="Prospect", city="Breda"), removed_at=timezone.now())
    make_company(name="Stranger", city="Gent", country="België")
    page = open_list(Company, query)
    assert (set(page.names), page.errors) == (expected, [])


def test_a_person_shows_the_company_and_the_mobile_first() -> None:
    make_person(fullname="Sanne Jansen", company=make_company(name="De Vries"), mobile="06-1", phone="076-2")
    page = open_list(Person)
    assert "Sanne Jansen" in page.cell("title")
    assert "De Vries" in page.cell("title")
    assert ">06-1<" in page.cell("phone_text")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?email=yes", {"With"}),
        ("?email=no", {"Without"}),
        ("?company=vries", {"With"}),
        ("?q=witho", {"Without"}),
    ],
)
def test_what_narrows_people(query: str, expected: set[str]) -> None:
    fields: dict[str, Any] = {"company": make_company(name="De Vries")}
    make_person(fullname="With", email="with@example.com", **fields)
    make_person(fullname="Without", email="")
    page = open_list(Person, query)
    assert (set(page.names), page.errors) == (expected, [])
