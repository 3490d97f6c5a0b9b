"""What a dry run says of the rows of a file."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from contacts.models import Company, Person
from offorte_portal.compose.document import Row, Table
from offorte_portal.compose.many.starting import standing, worth
from offorte_portal.compose.many.terms import clean_terms
from offorte_portal.connections.models import Connection
from offorte_portal.files.models import UploadRow
from proposals.models import AccountUser, ProposalTemplate
from tests.compose.many.conftest import Put, told
from tests.jobs.conftest import make_seller
from tests.support.factories import AS_OF, link, make_company, make_person, make_proposal
from tests.support.length import usual_or_long

pytestmark = pytest.mark.django_db
MANY = usual_or_long(1_000, 10_000)
NEW, SAME, PROBLEM = "new", "same", "problem"


@pytest.fixture
def company(account: Connection) -> Company:
    return make_company(account, name="Zonneveld BV", city="Breda", vat_number="NL 0044.95.445.B01", coc_number="1")


@pytest.fixture
def person(company: Company) -> Person:
    return make_person(
        company.connection, company=company, company_remote_id=company.remote_id, fullname="Piet Zon", email="p@z.nl"
    )


def draft(row: UploadRow) -> Any:
    return row.draft["request"]


def test_a_row_becomes_a_request(put: Put, person: Person, company: Company) -> None:
    template, owner = ProposalTemplate.objects.order_by("pk")[0], AccountUser.objects.order_by("pk")[0]
    upload = put(
        [
            {
                "Bedrijf": "zonneveld bv ",
                "Contactpersoon": "Piet Zon",
                "Eigenaar": owner.email.upper(),
                "Sjabloon": template.name,
                "Offerte": "{template} {city} {date} van {owner}",
                "Datum": "31-12-2026",
                "Omschrijving": "Dak",
                "Aantal": "2",
                "Prijs": "1.234,50",
                "BTW": "9%",
            }
        ]
    )
    (row,) = standing(upload)
    assert told(upload) == {2: (NEW, "")}
    assert draft(row) == {
        "name": f"{template.name} Breda 31 Dec 2026 van {owner}",
        "company_id": company.remote_id,
        "company_contacts": [person.remote_id],
        "account_user_id": owner.remote_id,
        "proposal_template_id": template.remote_id,
        "content": {
            "pricetables": [
                {
                    "id": "pricetable1",
                    "rows": [
                        {
                            "type": "price",
                            "content": "<p>Dak</p>",
                            "count": "2.00",
                            "price": "1234.50",
                            "vat_percentage": "9.00",
                            "userinput_optional": False,
                            "userinput_optional_checked": False,
                            "userinput_count": False,
                        }
                    ],
                }
            ]
        },
    }
    assert worth(upload) == (1, Decimal("2469.00"))


@pytest.mark.parametrize(
    "cells",
    [
        {"company_id": "#{0.remote_id}"},
        {"vat_number": "NL004495445B01"},
        {"kvk": "1", "company": "Een andere naam"},
        {"company": "ZONNEVELD BV"},
    ],
)
def test_a_company_is_known_by_any_of_its_marks(put: Put, company: Company, cells: dict[str, str]) -> None:
    upload = put([{name: text.format(company) for name, text in cells.items()}])
    assert [draft(row)["company_id"] for row in standing(upload)] == [company.remote_id]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"company": "Niemand"}, "This account has no company “Niemand”."),
        ({"company_id": "999999"}, "no company with the Offorte ID 999999"),
        ({"company_id": "x"}, "“x” isn’t an Offorte ID"),
        ({"company": "Twee BV"}, "Several companies match “Twee BV”: #"),
        ({"name": "Losse naam"}, "doesn’t name a company"),
        ({"contact": "Niemand"}, "The company has no contact “Niemand”."),
        ({"contact": "Stille Wim"}, "Stille Wim has no e-mail address"),
        ({"email": "geen adres"}, "isn’t an e-mail address"),
        ({"owner": "Niemand"}, "Owner: this account has no “Niemand”."),
        ({"template": "Weg"}, "Proposal template: this account has no “Weg”."),
        ({"name": "Voor {weer}"}, "can’t fill in {weer}"),
        ({"name": "x" * 250 + " {company}"}, "at most 255 characters"),
        ({"date": "31-31-2026"}, "isn’t a date"),
        ({"content": "Dak"}, "Enter a price."),
        ({"price": "5"}, "Enter text for this row."),
        ({"content": "Dak", "price": "1.0.0"}, "isn’t an amount"),
        ({"content": "Dak", "price": "5", "quantity": "-1"}, "can’t be below zero"),
        ({"content": "Dak", "price": "5", "vat": "150"}, "between 0 and 100"),
        ({"content": "Dak", "price": "5", "discount": "150"}, "between 0 and 100"),
        ({"content": "Dak", "price": "12345678901"}, "at most 10 digits"),
        ({"content": "=A1+1", "price": "5"}, "is a formula"),
    ],
)
def test_what_is_wrong_is_said_in_words(put: Put, person: Person, cells: dict[str, str], reason: str) -> None:
    company = person.company
    assert company is not None
    for _ in range(2):
        make_company(person.connection, name="Twee BV")
    make_person(
        company.connection, company=company, company_remote_id=company.remote_id, fullname="Stille Wim", email=""
    )
    given = cells if {"company", "company_id", "name"} & cells.keys() and "Voor" not in cells.get("name", "") else {}
    row = given or ({"company": company.name} | cells)
    if "x" * 250 in cells.get("name", ""):
        row = {"company": company.name} | cells
    outcome, text = told(put([row], makes_missing=False))[2]
    assert outcome == PROBLEM
    assert reason in text


def test_rows_of_one_group_are_one_proposal(put: Put, person: Person, company: Company) -> None:
    other = make_person(
        company.connection, company=company, company_remote_id=company.remote_id, fullname="Jan", email="j@z.nl"
    )
    rows = [
        {"group": "7", "company": company.name, "contact": "Piet Zon", "content": "Dak", "price": "100"},
        {"group": "8", "company": company.name, "name": "Tweede", "content": "Goot", "price": "5"},
        {"group": "7", "contact": "Jan", "content": "Zolder", "price": "50", "quantity": "2", "discount": "10"},
        {"group": "7", "content": "Korting", "discount": "25"},
    ]
    upload = put(rows)
    first, second = standing(upload)
    content = draft(first)["content"]["pricetables"][0]["rows"]
    assert [(row["type"], row["content"], row.get("price")) for row in content] == [
        ("price", "<p>Dak</p>", "100.00"),
        ("price", "<p>Zolder</p>", "45"),
        ("discount", "<p>Korting</p>", None),
    ]
    assert draft(first)["company_contacts"] == [person.remote_id, other.remote_id]
    assert first.draft["value"] == "142.50"
    assert draft(second)["name"] == "Tweede"
    discounted = "Offorte doesn’t accept a discount on a single row. The price becomes 45 instead."
    assert told(upload)[4] == (
        NEW,
        f"{discounted}\nPart of the proposal in row 2.",
    )


def test_one_bad_row_keeps_its_whole_group_back(put: Put, company: Company) -> None:
    rows = [
        {"group": "7", "company": company.name, "content": "Dak", "price": "100"},
        {"group": "7", "company": "Iemand anders", "content": "Goot", "price": "5"},
        {"group": "7", "content": "Zolder", "price": "veel"},
    ]
    found = told(put(rows))
    assert [outcome for outcome, _ in found.values()] == [PROBLEM] * 3
    assert found[2][1] == "This row belongs to the same proposal as row 3, which has a problem."
    assert "row 2 in the same group has a different value" in found[3][1]
    assert "This isn’t an amount" in found[4][1]


def test_what_is_there_already_is_not_made_again_unless_asked(put: Put, company: Company) -> None:
    make_proposal(company.connection, company=company, name="voor ZONNEVELD bv", status="open")
    rows = [
        {"company": company.name},
        {"company": company.name, "name": "Nieuw"},
        {"company": "Zonneveld bv", "name": "nieuw "},
    ]
    found = told(put(rows))
    assert [outcome for outcome, _ in found.values()] == [SAME, NEW, SAME]
    assert "already has a proposal with this name" in found[2][1]
    assert "Row 3 is a proposal with the same name" in found[4][1]
    again = told(put(rows, again=True))
    assert [outcome for outcome, _ in again.values()] == [NEW] * 3
    assert "Row 3" in again[4][1]


def test_missing_companies_and_people_are_made_when_asked(put: Put, company: Company) -> None:
    rows = [
        {"company": "Nieuw BV", "city": "Tilburg", "contact": "Eva", "firstname": "Eva", "email": "eva@nieuw.nl"},
        {"company": "nieuw bv", "name": "Tweede", "contact": "Eva", "email": "EVA@nieuw.nl"},
        {"company": company.name, "contact": "Kees", "email": "k@z.nl"},
        {"company": company.name, "contact": "Zonder adres"},
        {"vat_number": "NL999"},
    ]
    upload = put(rows, makes_missing=True)
    first, second, third = standing(upload)
    assert first.draft["company"] == {"name": "Nieuw BV", "city": "Tilburg"}
    assert first.draft["people"] == [{"fullname": "Eva", "email": "eva@nieuw.nl", "firstname": "Eva"}]
    assert (second.draft["company"], second.draft["people"]) == (first.draft["company"], first.draft["people"])
    assert (third.draft["company"], third.draft["receivers"]) == ({}, "Kees")
    found = told(upload)
    assert "needs both a name and an e-mail address" in found[5][1]
    assert "also needs its name" in found[6][1]


def test_a_row_without_a_receiver_takes_whom_the_terms_say(put: Put, person: Person, company: Company) -> None:
    rows = [{"company": company.name}]
    assert draft(standing(put(rows))[0])["company_contacts"] == [person.remote_id]
    assert "company_contacts" not in draft(standing(put(rows, who="nobody"))[0])
    person.email = ""
    person.save()
    assert "has no recipients" in told(put(rows))[2][1]


def test_a_seller_makes_their_own_only(put: Put, company: Company) -> None:
    own, other = AccountUser.objects.order_by("remote_id")[:2]
    seller = make_seller("add_proposal", email=own.email)
    link(seller, account_user=own)
    rows = [{"company": company.name}, {"company": company.name, "name": "B", "owner": other.email}]
    upload = put(rows, by=seller)
    assert draft(standing(upload)[0])["account_user_id"] == own.remote_id
    assert "only create proposals in your own name" in told(upload)[3][1]


def test_an_earlier_proposals_rows_come_before_the_files(put: Put, company: Company) -> None:
    tables = [Table("pricetable1", rows=[Row("title", "Vooraf")]), Table("extra", rows=[Row("title", "Meer")])]
    upload = put([{"company": company.name, "content": "Dak", "price": "5"}], tables=tables)
    found = draft(standing(upload)[0])["content"]["pricetables"]
    assert [(table["id"], [row["content"] for row in table["rows"]]) for table in found] == [
        ("pricetable1", ["<p>Vooraf</p>", "<p>Dak</p>"]),
        ("extra", ["<p>Meer</p>"]),
    ]


def test_terms_are_checked() -> None:
    with pytest.raises(ValidationError) as caught:
        clean_terms({}, {"pattern": "x", "vat": "veel"}, [])
    assert list(caught.value.message_dict) == ["vat"]


@pytest.mark.long
def test_many_rows_take_few_queries(
    put: Put, account: Connection, boss: User, django_assert_max_num_queries: Any
) -> None:
    rows = (Company(connection=account, remote_id=50_000 + n, as_of=AS_OF, name=f"Firma {n}") for n in range(MANY))
    Company.objects.bulk_create(rows, batch_size=2_000)
    with django_assert_max_num_queries(100 + MANY * 3 // 100):
        upload = put({"company": f"Firma {n}", "content": "Dak", "price": "12,50"} for n in range(MANY))
    assert worth(upload) == (MANY, Decimal("12.5") * MANY)
