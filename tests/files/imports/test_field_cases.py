"""Files that people had: what becomes of each, from the file to what would be written."""

import io
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from offorte_portal.connections.models import Connection
from offorte_portal.files.models import Upload
from offorte_portal.runs.reasons import put_into_words
from tests.files.imports.conftest import outcomes, row_of
from tests.files.imports.storing import examine, store
from tests.support.factories import make_company, make_person

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parent.parent / "samples" / "field"


@pytest.fixture
def take(connection: Connection, boss: User) -> "Take":
    return Take(connection, boss)


class Take:
    """Uploads and examines one of the files, with the columns as they are guessed."""

    def __init__(self, connection: Connection, boss: User) -> None:
        self.connection, self.boss = connection, boss

    def __call__(self, name: str, **options: object) -> Upload:
        kind, content = name.partition("-")[0], (FOLDER / name).read_bytes()
        made = store(io.BytesIO(content), name, kind=kind, connection=self.connection, by=self.boss)
        made.options = {"matches": "update", **options}
        examine(made)
        return made


def bakery(connection: Connection, **person: str) -> int:
    """A company that the files of people name, and a person there; its id."""
    company = make_company(connection, name="Bakkerij De Zon BV")
    if person:
        make_person(connection, company=company, company_remote_id=company.remote_id, **person)
    return company.remote_id


def test_a_prefix_is_part_of_the_last_name(connection: Connection, take: Take) -> None:
    bakery(connection)
    made = take("people-voorvoegsel.csv")
    assert outcomes(made) == ["new", "new"]
    assert row_of(made, 2).draft == {
        "fullname": "Sanne van der Berg", "firstname": "Sanne", "lastname": "van der Berg",
        "email": "sanne@zon.example", "phone": "076-1234567", "mobile": "06-12345678",
    }  # fmt: skip
    assert row_of(made, 3).draft["fullname"] == "Pim in 't Veld"


def test_a_full_name_is_not_cut(connection: Connection, take: Take) -> None:
    bakery(connection, fullname="Pim Jan in 't Veld", firstname="Pim", lastname="in 't Veld", email="pim@zon.example")
    made = take("people-voorvoegsel.csv")
    assert outcomes(made) == ["new", "same"]
    assert "stays “Pim Jan in 't Veld”" in put_into_words(row_of(made, 3).hint)
    cut = take("people-voorvoegsel.csv", shorter=True)
    assert row_of(cut, 3).changes == [["fullname", "Pim Jan in 't Veld", "Pim in 't Veld"]]


def test_street_number_and_addition_are_joined(connection: Connection, take: Take) -> None:
    assert row_of(take("companies-huisnummer.csv"), 2).draft["street"] == "1e Oosterparkstraat 12-III"
    make_company(connection, name="Fietsen Oost", street="1e Oosterparkstraat 12-III (achter)")
    changed = row_of(take("companies-huisnummer.csv"), 2)
    assert "street" not in changed.draft
    assert "12-III (achter)" in put_into_words(changed.hint)


def test_what_outlook_exports(connection: Connection, take: Take) -> None:
    bakery(connection)
    assert row_of(take("people-outlook-en.csv"), 2).draft == {
        "fullname": "Sanne van der Berg", "firstname": "Sanne", "lastname": "van der Berg", "salutation": "Mrs.",
        "email": "sanne@zon.example", "phone": "+31 20 1234567", "mobile": "+31 6 12345678", "city": "Amsterdam",
        "street": "Keizersgracht 1, 2e etage", "zipcode": "1015 CC", "country": "the Netherlands",
    }  # fmt: skip


def test_what_google_exports(connection: Connection, take: Take) -> None:
    bakery(connection)
    assert row_of(take("people-google.csv"), 2).draft == {
        "fullname": "Eva Kuipers", "firstname": "Eva", "lastname": "Kuipers", "email": "eva@zon.example",
        "mobile": "+31 6 11112222", "street": "Steenweg 1", "city": "Breda",
    }  # fmt: skip


def test_what_hubspot_exports(connection: Connection, take: Take) -> None:
    make_company(connection, country="Nederland")
    assert row_of(take("companies-hubspot.csv"), 2).draft == {
        "name": "Zonnedak BV", "internet": "zonnedak.example", "phone": "+31 30 1234567", "city": "Utrecht",
        "country": "Nederland", "street": "Domplein 2", "zipcode": "3512 JC",
    }  # fmt: skip


def test_lost_zeros_are_put_back_unless_switched_off(connection: Connection, take: Take) -> None:
    known = make_company(connection, name="Anders", coc_number="01234567")
    made = take("companies-zeros.xlsx")
    first, second = row_of(made, 2), row_of(made, 3)
    # Matching treats both alike.
    assert (first.outcome, first.remote_id) == ("change", known.remote_id)
    assert first.draft == {"name": "Nul Weg BV", "phone": "+31201234567", "zipcode": "1011"}
    assert second.draft["phone"] == "0612345678"
    hint = put_into_words(first.hint)
    assert "“1234567”" in hint
    assert "“01234567”" in hint
    off = take("companies-zeros.xlsx", zeros=False)
    assert row_of(off, 2).remote_id == known.remote_id
    assert row_of(off, 2).draft["phone"] == "31201234567"
    assert "Did you mean “01234567”?" in put_into_words(row_of(off, 2).hint)


def test_hidden_rows_are_left_out(take: Take) -> None:
    made = take("companies-filtered.xlsx")
    assert [(row.outcome, row.label) for row in made.rows.all()] == [
        ("left_out", "Filter 1 BV"), ("new", "Filter 2 BV"), ("left_out", "Filter 3 BV"), ("new", "Filter 4 BV"),
        ("left_out", "Filter 5 BV"), ("new", "Filter 6 BV"),
    ]  # fmt: skip
    assert "3 rows are hidden in the file, for example by a filter." in put_into_words(made.notes[0])


def test_an_address_that_begins_as_a_link(connection: Connection, take: Take) -> None:
    bakery(connection)
    assert row_of(take("people-emails.csv"), 2).draft["email"] == "a@zon.example"


def test_two_columns_of_one_name(take: Take) -> None:
    made = take("companies-twice.csv")
    assert made.header == ["Naam", "E-mail", "Telefoon", "Telefoon (2)"]
    assert row_of(made, 2).draft["phone"] == "076-1234567"
    assert "Telefoon (2): 06-12345678" in put_into_words(row_of(made, 2).hint)


def test_a_total_is_no_company(take: Take) -> None:
    made = take("companies-total.csv")
    assert outcomes(made) == ["new", "new", "left_out"]
    assert "rows 7" in " ".join(map(put_into_words, made.notes))


def test_looks_that_no_program_understands(take: Take) -> None:
    assert outcomes(take("companies-style.xlsx")) == ["new", "new"]
