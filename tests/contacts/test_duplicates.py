"""Companies that are known already, by whatever a new one has in common with them."""

import pytest
from django.utils import timezone

from contacts.duplicates import MOST, find_duplicates
from offorte_portal.connections.models import Connection
from tests.support.factories import make_company, make_connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    return make_connection()


@pytest.fixture(autouse=True)
def known(connection: Connection) -> None:
    make_company(
        connection,
        name="De Vries Bouw B.V.",
        vat_number="NL 0044.95.445.B01",
        coc_number="1234 5678",
        email="Info@DeVries.example",
        internet="https://www.devriesbouw.example/contact",
    )


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"vat_number": "nl004495445b01"}, "same VAT number"),
        ({"coc_number": "12345678"}, "same chamber of commerce number"),
        ({"email": "info@devries.example"}, "same e-mail address"),
        ({"email": "sanne@devries.example"}, "same domain"),
        ({"email": "sanne@devriesbouw.example"}, "same domain"),
        ({"internet": "devriesbouw.example"}, "same domain"),
        ({"name": "de vries bouw b.v."}, "same name"),
        ({"name": "De  Vries Bouw BV"}, "same name"),
        ({"name": "De Vries Bouw"}, "same name"),
        ({"name": "Dé vríes-bouw, N.V."}, "same name"),
        ({"vat_number": "004495445B01"}, "same VAT number"),
        ({"coc_number": "12.34.56.78"}, "same chamber of commerce number"),
    ],
)
def test_a_company_is_found_by_what_it_shares(connection: Connection, asked: dict[str, str], reason: str) -> None:
    [found] = find_duplicates(connection, asked)
    assert (str(found.company), found.reason) == ("De Vries Bouw B.V.", reason)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"name": "", "email": "", "vat_number": None},
        {"name": "De Vries"},
        {"email": "jan@gmail.com"},
        {"internet": "http://[broken"},
        {"vat_number": "-"},
    ],
)
def test_what_says_nothing_finds_nothing(connection: Connection, asked: dict[str, str]) -> None:
    make_company(connection, name="Ander", email="piet@gmail.com", vat_number="", internet="")
    assert find_duplicates(connection, asked) == []


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "De Vries Bouw", "vat_number": "NL009999999B01"},
        {"name": "De Vries Bouw", "coc_number": "99999999"},
    ],
)
def test_a_name_alone_is_not_named_beside_another_number(connection: Connection, asked: dict[str, str]) -> None:
    assert find_duplicates(connection, asked) == []


def test_only_companies_of_the_account_that_are_still_there(connection: Connection) -> None:
    make_company(make_connection(), name="Weg")
    make_company(connection, name="Weg", removed_at=timezone.now())
    assert find_duplicates(connection, {"name": "Weg"}) == []


def test_no_more_than_a_page_can_show(connection: Connection) -> None:
    for _ in range(MOST + 3):
        make_company(connection, name="Veel")
    assert len(find_duplicates(connection, {"name": "Veel"})) == MOST


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("ÖZGÜR BOUW", "o\u0308zgu\u0308r bouw"),
        ("ÖZGÜR BOUW", "Ozgur Bouw"),
        ("ÖZGÜR BOUW", "Oezguer Bouw BV"),
        ("Muller", "Müller"),
        ("Mueller", "Müller"),
        ("Café de Zwaan", "Cafe de Zwaan"),
        ("Bakkerij De Zon BV", "Bakkerij De Zon B.V."),
        ("V.O.F. Jansen & Zn.", "jansen en zn"),
        ("Łódź Sp. z o.o.", "Lodz"),
        ("Coca-Cola", "cocacola"),
    ],
)
def test_a_name_is_recognised_in_every_spelling(connection: Connection, name: str, asked: str) -> None:
    company = make_company(connection, name=name)
    assert [found.company for found in find_duplicates(connection, {"name": asked})] == [company]
    company.name = asked
    company.save()
    assert [found.company for found in find_duplicates(connection, {"name": name})] == [company]


def test_ue_is_never_u(connection: Connection) -> None:
    make_company(connection, name="Mueller")
    assert find_duplicates(connection, {"name": "Muller"}) == []
    assert find_duplicates(connection, {"name": "Mülleer"}) == []


def test_the_vat_number_is_named_before_many_companies_of_one_domain(connection: Connection) -> None:
    for _ in range(MOST + 3):
        make_company(connection, name="Filiaal", email="info@keten.example")
    found = find_duplicates(connection, {"vat_number": "NL004495445B01", "email": "x@keten.example"})
    assert [one.reason for one in found] == ["same VAT number"] + ["same domain"] * (MOST - 1)
