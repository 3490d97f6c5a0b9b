"""The dry run: what would become of each row, in words, at any size."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from contacts.models import Company
from offorte_portal.connections.models import Connection
from offorte_portal.files.imports.examining import examine
from offorte_portal.files.templatetags.uploads import changes
from offorte_portal.runs.reasons import put_into_words
from tests.files.imports.conftest import MakeUpload, outcomes, row_of
from tests.support.factories import (
    AS_OF,
    make_company,
    make_connection,
    make_directory,
    make_person,
    make_product,
    make_vat_group,
)
from tests.support.length import usual_or_long

pytestmark = pytest.mark.django_db

MANY = usual_or_long(500, 5_000)


def test_companies_are_recognised_by_number_address_or_name(connection: Connection, upload: MakeUpload) -> None:
    vat = make_company(connection, name="A", vat_number="NL 0044.95.445.B01", city="Breda")
    chamber = make_company(connection, name="B", coc_number="1234 5678", city="Breda")
    mail = make_company(connection, name="C", email="Info@c.example", city="Breda")
    name = make_company(connection, name="De  Boer BV", city="Breda")
    by_id = make_company(connection, name="E", city="Breda")
    rows = [
        ["Offorte ID", "Naam", "BTW-nummer", "KvK-nummer", "E-mail", "Plaats"],
        ["", "A anders", "NL004495445B01", "", "", "Breda"],
        ["", "B", "", "12345678", "", "Tilburg"],
        ["", "C", "", "", "info@C.example", "Breda"],
        ["", "de boer bv", "", "", "", "Breda"],
        [by_id.remote_id, "", "", "", "", "Ede"],
        ["", "Nieuw", "", "", "", "Ede"],
    ]
    made = upload("companies", rows)
    assert outcomes(made) == ["change", "change", "same", "same", "change", "new"]
    found = [row.remote_id for row in made.rows.all()]
    assert found == [vat.remote_id, chamber.remote_id, mail.remote_id, name.remote_id, by_id.remote_id, None]
    assert row_of(made, 2).changes == [["name", "A", "A anders"]]
    assert row_of(made, 3).changes == [["city", "Breda", "Tilburg"]]
    assert row_of(made, 6).draft == {"city": "Ede"}
    assert row_of(made, 7).draft == {"name": "Nieuw", "city": "Ede"}


def test_what_is_done_with_known_companies_is_chosen(connection: Connection, upload: MakeUpload) -> None:
    make_company(connection, name="Bekend BV", city="Breda")
    rows = [["Naam", "Plaats"], ["Bekend BV", "Tilburg"]]
    assert outcomes(upload("companies", rows, "update")) == ["change"]
    skipped = upload("companies", rows, "skip")
    assert outcomes(skipped) == ["same"]
    assert put_into_words(row_of(skipped, 2).hint) == "Already in Offorte as “Bekend BV”."
    created = upload("companies", rows, "create")
    assert outcomes(created) == ["new"]
    assert put_into_words(row_of(created, 2).hint) == "May already be in Offorte as “Bekend BV”: same name."


def test_likely_duplicates_are_named(connection: Connection, upload: MakeUpload) -> None:
    make_company(connection, name="De Vries Bouw B.V.", internet="https://www.devries.example", vat_number="NL1")
    rows = [
        ["Naam", "E-mail", "BTW"],
        ["De Vries Bouw", "", ""],
        ["Heel anders", "piet@devries.example", ""],
        ["De Vries Bouw B.V.", "", "DE129273398"],
    ]
    made = upload("companies", rows)
    assert outcomes(made) == ["new", "new", "new"]
    assert "similar name" in put_into_words(row_of(made, 2).hint)
    assert "same domain" in put_into_words(row_of(made, 3).hint)
    # Another VAT number: another company, whatever it is called.
    assert "same name" in put_into_words(row_of(made, 4).hint)


def test_problems_are_told_in_words(connection: Connection, upload: MakeUpload) -> None:
    make_company(connection, name="Dubbel", remote_id=71)
    make_company(connection, name="Dubbel", remote_id=72)
    make_company(make_connection("elders"), name="Elders", remote_id=99)
    rows = [
        ["Offorte ID", "Naam", "E-mail"],
        ["99", "Elders", ""],
        ["", "", "info@x.example"],
        ["", "Dubbel", ""],
        ["", "Goed", ""],
        ["", "goed", ""],
        ["", "Slecht", "geen adres"],
        ["x", "Slecht", ""],
    ]
    made = upload("companies", rows)
    assert outcomes(made) == ["problem", "problem", "problem", "new", "problem", "problem", "problem"]
    assert [put_into_words(row.problem) for row in made.rows.exclude(problem__isnull=True)] == [
        "Nothing in this Offorte account has the ID 99.",
        "Name is missing.",
        "Several records in Offorte have the same name: Dubbel (#71), Dubbel (#72). Add a column with the Offorte ID.",
        "Row 5 is about the same record: same name.",
        "E-mail: “geen adres” isn’t an e-mail address.",
        "Offorte ID: “x” isn’t an Offorte ID. An Offorte ID is a whole number.",
    ]


def test_people_refer_to_their_company(connection: Connection, upload: MakeUpload) -> None:
    company = make_company(connection, name="De Boer BV")
    other = make_company(connection, name="Anders")
    make_company(connection, name="Dubbel")
    make_company(connection, name="Dubbel")
    known = make_person(
        connection, fullname="Sanne", email="sanne@x.example", company=company, company_remote_id=company.remote_id
    )
    rows = [
        ["Offorte ID", "Bedrijf", "Voornaam", "Achternaam", "E-mail", "Mobiel"],
        ["", "de boer bv", "Jan", "Smit", "jan@x.example", "06"],
        ["", str(company.remote_id), "", "Sanne", "Sanne@x.example", "06"],
        ["", "Nergens", "Jan", "Smit", "jan@x.example", ""],
        ["", "Dubbel", "Jan", "Smit", "jan@x.example", ""],
        [known.remote_id, "Anders", "", "", "", "07"],
        ["", "Anders", "Piet", "", "", ""],
        ["", "Anders", "Sanne", "Twee", "sanne@x.example", ""],
    ]
    made = upload("people", rows)
    assert outcomes(made) == ["new", "change", "problem", "problem", "problem", "problem", "new"]
    new, changed = row_of(made, 2), row_of(made, 3)
    assert (new.parent_remote_id, new.draft["fullname"]) == (company.remote_id, "Jan Smit")
    assert changed.remote_id == known.remote_id
    assert changed.draft == {"lastname": "Sanne", "mobile": "06"}
    assert "no company “Nergens”" in put_into_words(row_of(made, 4).problem)
    assert "several companies named “Dubbel”" in put_into_words(row_of(made, 5).problem)
    assert "can’t move people" in put_into_words(row_of(made, 6).problem)
    assert put_into_words(row_of(made, 7).problem) == "E-mail is missing."
    assert (row_of(made, 8).parent_remote_id, "elsewhere" in put_into_words(row_of(made, 8).hint)) == (
        other.remote_id,
        True,
    )


def test_products_refer_to_directory_and_vat_group(connection: Connection, upload: MakeUpload) -> None:
    wood, stone = make_directory(connection, name="Hout"), make_directory(connection, name="Steen")
    high = make_vat_group(connection, name="Hoog", vat=21)
    low = make_vat_group(connection, name="Laag", vat=9)
    balk = make_product(connection, name="Balk", directory=wood, directory_remote_id=wood.remote_id)
    lat = make_product(
        connection, name="Lat", sku="L1", price="2.50", directory=wood, directory_remote_id=wood.remote_id
    )
    rows = [
        ["Naam", "SKU", "Map", "Prijs", "BTW", "Optioneel"],
        ["Balk", "", "hout", "12,50", "21%", "ja"],
        ["Lat lang", "l1", "Steen", "2,5", "Laag", ""],
        ["Balk", "", "Steen", "1.0.0", "", ""],
        ["Tegel", "", "Steen", "1000", "9", "nee"],
        ["Tegel groot", "", "Marmer", "10", "19", ""],
        ["Los", "", "", "10", "", ""],
    ]
    made = upload("products", rows)
    assert outcomes(made) == ["change", "change", "problem", "new", "problem", "problem"]
    assert row_of(made, 2).remote_id == balk.remote_id
    assert row_of(made, 2).changes == [["price", None, "12.50"], ["optional", None, True], ["vat_id", None, "Hoog"]]
    assert ["directory_id", "Hout", "Steen"] in row_of(made, 3).changes
    with translation.override("nl"):
        shown = [(str(label), old, new) for label, old, new in changes(row_of(made, 2))]
    assert shown == [("Prijs", None, "12,50"), ("Optioneel", None, "Ja"), ("Btw-groep", None, "Hoog")]
    assert row_of(made, 3).remote_id == lat.remote_id
    assert row_of(made, 3).draft == {"name": "Lat lang", "directory_id": stone.remote_id, "vat_id": low.remote_id}
    assert "isn’t an amount" in put_into_words(row_of(made, 4).problem)
    new = row_of(made, 5)
    assert new.draft == {"name": "Tegel", "price": "1000.00", "vat_id": low.remote_id, "optional": False}
    assert new.parent_remote_id == stone.remote_id
    assert "no directory “Marmer”" in put_into_words(row_of(made, 6).problem)
    assert "no VAT group “19”" in put_into_words(row_of(made, 6).problem)
    assert put_into_words(row_of(made, 7).problem) == "Directory is missing."
    assert high.remote_id in row_of(made, 2).draft.values()


@pytest.mark.long
def test_many_rows_take_few_queries(connection: Connection, upload: MakeUpload) -> None:
    Company.objects.bulk_create(
        Company(connection=connection, remote_id=number, as_of=AS_OF, name=f"Bedrijf {number}", city="Breda")
        for number in range(1, 2 * MANY + 1)
    )
    header = ["Naam", "Plaats", "Postcode", "Telefoon", "E-mail", "Website"]
    rows = [[f"Bedrijf {n}", "Ede", "1234 AB", "076", f"i{n}@b{n}.example", ""] for n in range(MANY, 3 * MANY)]
    made = upload("companies", [header, *rows])
    with CaptureQueriesContext(database) as queries:
        examine(made)
    kept = outcomes(made)
    assert (kept.count("change"), kept.count("new")) == (MANY + 1, MANY - 1)
    # One and a half for a hundred rows kept, and a few whatever their number.
    assert len(queries) < 20 + 2 * MANY * 0.015
