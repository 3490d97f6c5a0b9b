"""Parts of an address and of a name that files have in columns of their own are joined."""

from typing import Any

import pytest

from offorte_portal.files.imports.mapping import guess, parse_row
from offorte_portal.runs.reasons import put_into_words

Values = dict[str, Any]


def parse(kind: str, **cells: str) -> tuple[Values, str]:
    """The values of a row with these columns, and what is said of it."""
    header = [name.replace("_", " ") for name in cells]
    parsed = parse_row(kind, header, guess(kind, header), list(cells.values()))
    return parsed.values, " ".join(map(put_into_words, (*parsed.hints, *parsed.problems)))


@pytest.mark.parametrize(
    ("cells", "street"),
    [
        ({"Straat": "Dijk", "Huisnummer": "12"}, "Dijk 12"),
        ({"Straat": "Dijk", "Huisnummer": "12", "Toevoeging": "A"}, "Dijk 12A"),
        ({"Straat": "Dijk", "Huisnummer": "12", "Toevoeging": "-3"}, "Dijk 12-3"),
        ({"Straat": "Dijk", "Huisnummer": "12", "Toevoeging": "bis"}, "Dijk 12 bis"),
        ({"Straat": "Dijk", "Huisnummer": "12", "Huisletter": "B", "Toevoeging": "2"}, "Dijk 12B-2"),
        ({"Straat": "Dijk 12", "Huisnummer": "12"}, "Dijk 12"),
        ({"Straat": "Plein 1944", "Huisnummer": "44"}, "Plein 1944 44"),
        ({"Straße": "Hauptstraße", "Hausnummer": "5"}, "Hauptstraße 5"),
        ({"Street": "Meir", "Number": "12", "Box": "3"}, "Meir 12 bus 3"),
        ({"Address_line_1": "Kade 5", "Address_line_2": "Unit 2"}, "Kade 5, Unit 2"),
        ({"Straat": "", "Adresregel_2": "Kade 5"}, "Kade 5"),
        ({"Street": "Kade 5\r\n2e etage"}, "Kade 5, 2e etage"),
    ],
)
def test_streets(cells: dict[str, str], street: str) -> None:
    values, told = parse("companies", **cells)
    assert (values["street"], told) == (street, "")


def test_a_house_number_without_a_street_is_told() -> None:
    values, told = parse("companies", Straat="", Huisnummer="12", Naam="Zon")
    assert values == {"name": "Zon"}
    assert told == "Left out: Huisnummer: 12."


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("Sanne", "van der", "Berg"), {"firstname": "Sanne", "lastname": "van der Berg"}),
        (("Sanne", "Van Der", "Berg"), {"firstname": "Sanne", "lastname": "Van Der Berg"}),
        (("Sanne", "van der", "van der Berg"), {"firstname": "Sanne", "lastname": "van der Berg"}),
        (("Pim", "in ’t", "Veld"), {"firstname": "Pim", "lastname": "in ’t Veld"}),
        (("Jean", "d'", "Arc"), {"firstname": "Jean", "lastname": "d'Arc"}),
        (("Sanne", "", "Berg, van der"), {"firstname": "Sanne", "lastname": "van der Berg"}),
        (("John", "F.", "Smith"), {"firstname": "John", "lastname": "Smith", "fullname": "John F. Smith"}),
        (("", "van", "Dijk"), {"lastname": "van Dijk"}),
    ],
)
def test_names(cells: tuple[str, str, str], values: Values) -> None:
    assert parse("people", **dict(zip(("Voornaam", "Tussenvoegsel", "Achternaam"), cells, strict=True))) == (values, "")


def test_the_first_whole_address_is_used_and_the_other_told() -> None:
    values, told = parse("people", Home_Street="Dorp 1", Home_City="Hoorn", Business_City="Ede", Business_Country="NL")
    assert (values["city"], "street" in values) == ("Ede", False)
    assert told == "Left out: Home Street: Dorp 1; Home City: Hoorn."
    values, told = parse("people", Home_Street="Dorp 1", Home_City="Hoorn", Business_City="", Business_Country="NL")
    assert (values["street"], values["city"], "country" in values) == ("Dorp 1", "Hoorn", False)
    assert told == "Left out: Business Country: NL."


@pytest.mark.parametrize(
    ("cell", "email", "told"),
    [
        ("mailto:a@zon.example?subject=Hallo", "a@zon.example", ""),
        ("MAILTO:a%2Bb@zon.example", "a+b@zon.example", ""),
        ("A Een <a@zon.example>", "a@zon.example", ""),
        ("'a@zon.example'", "a@zon.example", ""),
        ("a@zon.example; b@zon.example", "a@zon.example", "Left out: Email: b@zon.example."),
        ("a@zon.example, A@zon.example", "a@zon.example", ""),
        ("a@zon.example / b@zon.example", "a@zon.example", "Left out: Email: b@zon.example."),
        ("a@zon\nb@zon.example", "b@zon.example", "Left out: Email: a@zon."),
    ],
)
def test_addresses_in_a_cell(cell: str, email: str, told: str) -> None:
    assert parse("companies", Email=cell) == ({"email": email}, told)


@pytest.mark.parametrize(
    ("cell", "phone", "told"),
    [
        ("076-1234567 / 06-12345678", "076-1234567", "Left out: Phone: 06-12345678."),
        ("076-1234567 ::: 06-12345678", "076-1234567", "Left out: Phone: 06-12345678."),
        ("076-1234567 / 68", "076-1234567 / 68", ""),
        ("tel:+31761234567", "+31761234567", ""),
    ],
)
def test_numbers_in_a_cell(cell: str, phone: str, told: str) -> None:
    assert parse("companies", Phone=cell) == ({"phone": phone}, told)


def test_a_linkedin_address_among_websites_is_one() -> None:
    assert parse("people", Website="https://www.linkedin.com/in/x") == (
        {"linkedin": "https://www.linkedin.com/in/x"},
        "",
    )
