"""Companies that may be one are found by what they have in common."""

import pytest
from django.utils import timezone

from contacts.duplicate_groups import duplicate_groups
from contacts.scores import Difference
from contacts.signs import Sign
from offorte_portal.connections.models import Connection
from tests.support.factories import make_company, make_connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    return make_connection("bouw")


def found(connection: Connection) -> list[tuple[list[int], list[Sign]]]:
    return [(group.keys, group.signs) for group in duplicate_groups(connection.pk)]


@pytest.mark.parametrize(
    ("one", "other", "signs"),
    [
        ({"vat_number": "NL 1234.56.789 B01"}, {"vat_number": "nl123456789b01"}, [Sign.VAT]),
        ({"coc_number": "1234567"}, {"coc_number": "0123 4567"}, [Sign.COC]),
        ({"email": "Info@gmail.com"}, {"email": "info@gmail.com "}, [Sign.EMAIL]),
        ({"email": "a@vries.nl"}, {"internet": "https://www.vries.nl/contact"}, [Sign.DOMAIN]),
        ({"name": "Café de Vries B.V."}, {"name": "Cafe De  Vries"}, [Sign.NAME]),
        ({"email": "a@vries.nl"}, {"email": "a@vries.nl"}, [Sign.EMAIL, Sign.DOMAIN]),
    ],
)
def test_a_pair_is_found(connection: Connection, one: dict[str, str], other: dict[str, str], signs: list[Sign]) -> None:
    rows = [make_company(connection, **({"name": name} | fields)) for name, fields in (("Aap", one), ("Noot", other))]
    make_company(connection, name="Mies", email="mies@mies.nl")
    assert found(connection) == [([row.pk for row in rows], signs)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"email": "a@gmail.com"}, {"email": "b@gmail.com"}),
        ({"internet": "https://facebook.com/a"}, {"internet": "facebook.com/b"}),
        ({"vat_number": "geen"}, {"vat_number": "geen"}),
        ({"coc_number": "0"}, {"coc_number": "0"}),
        ({"internet": "http://[kapot"}, {"internet": "http://[kapot"}),
        ({"name": "BV"}, {"name": "B.V."}),
    ],
)
def test_what_says_nothing_makes_no_pair(connection: Connection, one: dict[str, str], other: dict[str, str]) -> None:
    for name, fields in (("Aap", one), ("Noot", other)):
        make_company(connection, **({"name": name} | fields))
    assert duplicate_groups(connection.pk) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "Bouw", "vat_number": "NL001234567B01"}, {"name": "Bouw", "vat_number": "NL009876543B01"}),
        ({"name": "Bouw", "coc_number": "12345678"}, {"name": "Bouw", "coc_number": "87654321"}),
        (
            {"name": "Bouw", "internet": "bouw-a.nl", "zipcode": "1000 AA"},
            {"name": "Bouw", "internet": "bouw-b.nl", "zipcode": "2000 BB"},
        ),
        ({"internet": "bouw.nl", "zipcode": "1000AA"}, {"internet": "bouw.nl", "zipcode": "2000BB"}),
        (
            {"vat_number": "NL001234567B01", "coc_number": "12345678"},
            {"vat_number": "NL001234567B01", "coc_number": "87654321"},
        ),
    ],
    ids=["vat", "coc", "domain and zip code", "branch", "tax group"],
)
def test_contrary_facts_keep_two_apart(connection: Connection, one: dict[str, str], other: dict[str, str]) -> None:
    for name, fields in (("Aap", one), ("Noot", other)):
        make_company(connection, **({"name": name} | fields))
    assert found(connection) == []


def test_a_contrary_fact_lowers_a_pair_and_is_said(connection: Connection) -> None:
    for zipcode in ("1000 AA", "1000aa"):
        make_company(connection, name="Jansen", zipcode=zipcode)
    for zipcode in ("1000 AA", "2000 BB"):
        make_company(connection, name="Kok", zipcode=zipcode)
    strong, weak = duplicate_groups(connection.pk)
    assert (strong.points, strong.against) == (30, [])
    assert (weak.points, weak.against) == (15, [Difference.ZIPCODE])


def test_pairs_that_were_dismissed_connect_nothing(connection: Connection) -> None:
    one, other, third = (make_company(connection, name="Jansen").pk for _ in range(3))
    pairs = {(one, other), (one, third), (other, third)}
    assert duplicate_groups(connection.pk, pairs) == []
    assert [group.keys for group in duplicate_groups(connection.pk, pairs - {(one, third)})] == [[one, third]]


def test_who_shares_with_either_is_in_the_group(connection: Connection) -> None:
    names = make_company(connection, name="De Vries"), make_company(connection, name="de vries", email="i@vries.nl")
    third = make_company(connection, name="Anders", email="i@vries.nl")
    make_company(connection, name="De Vries", removed_at=timezone.now())
    make_company(make_connection("ander"), name="De Vries")
    keys = sorted(row.pk for row in (*names, third))
    assert found(connection) == [(keys, [Sign.EMAIL, Sign.DOMAIN, Sign.NAME])]


def test_a_domain_of_many_is_nobodys(connection: Connection) -> None:
    for number in range(6):
        make_company(connection, name=f"Filiaal {number}", internet="keten.nl")
    assert duplicate_groups(connection.pk) == []


def test_the_surest_groups_come_first(connection: Connection) -> None:
    for name in ("Jansen", "Jansen", "Kok", "Pietersen"):
        make_company(connection, name=name, vat_number="" if name == "Jansen" else "NL123456789B01")
    assert [group.signs for group in duplicate_groups(connection.pk)] == [[Sign.VAT], [Sign.NAME]]
