"""Columns are recognised by what people call them, and remembered; cells are read by the rules of the forms."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from offorte_portal import ports
from offorte_portal.files.exports.cells import separators, write_cell
from offorte_portal.files.imports import mapping, parsing
from offorte_portal.files.imports.sheet import write_number
from offorte_portal.files.models import ColumnMapping
from offorte_portal.runs.reasons import put_into_words
from tests.support.clock import Clock
from tests.support.factories import make_staff


@pytest.mark.parametrize(
    ("kind", "header", "columns"),
    [
        (
            "companies",
            ["Bedrijfsnaam", "BTW-nummer", "KvK", "E-mailadres", "Postcode", "Iets anders"],
            {
                "name": "Bedrijfsnaam",
                "vat_number": "BTW-nummer",
                "coc_number": "KvK",
                "email": "E-mailadres",
                "zipcode": "Postcode",
            },
        ),
        ("companies", ["id", "name", "vat_number"], {"id": "id", "name": "name", "vat_number": "vat_number"}),
        (
            "people",
            ["Bedrijf", "Voornaam", "Achternaam", "E-mail *", "Mobiel"],
            {
                "company": "Bedrijf",
                "firstname": "Voornaam",
                "lastname": "Achternaam",
                "email": "E-mail *",
                "mobile": "Mobiel",
            },
        ),
        ("people", ["Name", "Company", "Email"], {"company": "Company", "fullname": "Name", "email": "Email"}),
        (
            "products",
            ["Artikelnummer", "Naam", "Prijs", "BTW", "Map", "Omschrijving"],
            {
                "sku": "Artikelnummer",
                "name": "Naam",
                "price": "Prijs",
                "vat": "BTW",
                "directory": "Map",
                "descr_short": "Omschrijving",
            },
        ),
    ],
)
def test_guesses(kind: str, header: list[str], columns: dict[str, str]) -> None:
    assert mapping.guess(kind, header) == columns
    assert mapping.check(kind, header, columns) == {}


def test_what_is_wrong_with_a_choice() -> None:
    header = ["Naam", "Mail"]
    assert set(mapping.check("people", header, {"fullname": "Naam"})) == {"company", "email"}
    assert set(mapping.check("companies", header, {"name": "Naam", "city": "Naam"})) == {"city"}
    assert set(mapping.check("companies", header, {"name": "Weg"})) == {"name"}
    # Rows with Offorte's ID change what is there, and that has a name.
    assert mapping.check("companies", header, {"id": "Naam", "email": "Mail"}) == {}


@pytest.mark.django_db
def test_a_choice_is_remembered_by_person_and_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    me, other = make_staff(), make_staff()
    clock = Clock()
    monkeypatch.setattr(ports, "clock", clock)
    mapping.remember(me, "companies", ["Klant", "Adres 1"], {"name": "Klant", "street": "Adres 1"})
    clock.wait(60)
    mapping.remember(me, "companies", ["Klant", "Adres 1"], {"name": "Klant"})
    assert ColumnMapping.objects.get().changed_at == clock.day
    assert mapping.recall(me, "companies", ["Adres 1", "Klant"]) == {"name": "Klant"}
    assert mapping.recall(other, "companies", ["Adres 1", "Klant"]) is None
    assert mapping.recall(me, "people", ["Adres 1", "Klant"]) is None


def test_a_row_tells_all_that_is_wrong_with_it() -> None:
    header = ["Naam", "Mail", "BTW"]
    columns = {"name": "Naam", "email": "Mail", "vat_number": "BTW"}
    parsed = mapping.parse_row("companies", header, columns, ["=A1", "geen adres", "NL123"])
    assert [put_into_words(reason) for reason in parsed.problems] == [
        "Name: “=A1” is a formula, not its result.",
        "E-mail: “geen adres” isn’t an e-mail address.",
    ]
    assert "t a valid VAT number" in put_into_words(parsed.hints[0])
    assert parsed.values == {"vat_number": "NL123"}


def test_text_of_our_own_downloads_comes_back_as_it_was() -> None:
    parsed = mapping.parse_row("companies", ["Tel"], {"phone": "Tel"}, ["'+31 6 1234"])
    assert parsed.values == {"phone": "+31 6 1234"}


@pytest.mark.parametrize(
    "text",
    ["2026-12-31", "31-12-2026", "31/12/2026", "31.12.2026", "31 dec 2026", "31 December 2026", "31/12/26", "46387"],
)
def test_dates_as_text(text: str) -> None:
    assert parsing.parse_date(text) == date(2026, 12, 31)


@pytest.mark.parametrize("text", ["12/31/2026", "31-02-2026", "morgen", "2026"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValidationError, match="isn’t a date"):
        parsing.parse_date(text)


@pytest.mark.parametrize(
    ("text", "price"), [("12,5", "12.50"), ("€ 1.234,50", "1234.50"), ("1234.5678", "1234.5678"), ("0.30", "0.30")]
)
def test_prices(text: str, price: str) -> None:
    assert parsing.parse_price(text) == price


def test_the_uploads_language_decides_what_has_two_meanings() -> None:
    for language, thousand, one in (("nl", "1.000", "1,000"), ("en", "1,000", "1.000")):
        with translation.override(language):
            assert (parsing.parse_price(thousand), parsing.parse_price(one)) == ("1000.00", "1.00")


@pytest.mark.parametrize("text", ["1.2.3", "twaalf", "1,23456", "9" * 16, "5%"])
def test_what_is_no_price(text: str) -> None:
    with pytest.raises(ValidationError):
        parsing.parse_price(text)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(("number", "price"), [(1.125, "1.125"), (12.5, "12.50"), (1000, "1000.00"), (0.005, "0.005")])
def test_numbers_of_workbooks_and_of_our_own_files_are_what_they_were(language: str, number: float, price: str) -> None:
    with translation.override(language):
        _delimiter, decimal_point = separators()
        assert parsing.parse_price(write_number(number, "General")) == price
        assert parsing.parse_price(str(write_cell(Decimal(str(number)), decimal_point))) == price
    # A colleague with the other language imports it.
    with translation.override("en" if language == "nl" else "nl"):
        assert parsing.parse_price(str(write_cell(Decimal(str(number)), decimal_point))) == price
