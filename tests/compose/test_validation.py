"""What keeps a draft from being created, and where that is told."""

from typing import Any

import pytest
from django.utils import timezone

from offorte_portal.compose.document import Row, Table, dump_tables
from offorte_portal.compose.models import Draft
from offorte_portal.compose.validation import find_faults
from offorte_portal.connections.models import Connection
from tests.compose.drafting import make_draft, price_row
from tests.support.factories import make_company, make_connection, make_design_template, make_person, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    return make_connection()


@pytest.fixture
def draft(connection: Connection) -> Draft:
    company = make_company(connection)
    return make_draft(connection, make_staff(), price_row(), company_remote_id=company.remote_id)


def places(draft: Draft) -> dict[str, str]:
    return {fault.place: fault.text for fault in find_faults(draft, make_staff())}


def test_a_complete_draft_has_none(draft: Draft) -> None:
    assert find_faults(draft, make_staff()) == []


def test_name_and_company_are_needed(connection: Connection) -> None:
    draft = make_draft(connection, make_staff(), name="  ")
    assert list(places(draft)) == ["name", "company_id"]


def test_a_placeholder_in_the_name_has_to_stand_for_something(draft: Draft) -> None:
    draft.name = "{company} {template}"
    assert places(draft)["name"].startswith("{template} has no value yet")


def test_the_prospect_reads_no_placeholder_that_nobody_knows(draft: Draft) -> None:
    draft.name = "Dak voor {company} {firma}"
    assert [
        (fault.place, fault.text.startswith("{firma} can’t be used in a name"))
        for fault in find_faults(draft, make_staff())
    ] == [("name", True)]


def test_a_company_that_is_gone_is_named(draft: Draft, connection: Connection) -> None:
    draft.company_remote_id = make_company(connection, name="Weg BV", removed_at=timezone.now()).remote_id
    assert "“Weg BV” is no longer in Offorte" in places(draft)["company_id"]
    draft.company_remote_id = 999_999
    assert "This company is no longer" in places(draft)["company_id"]
    # One of another account is none.
    draft.company_remote_id = make_company(make_connection()).remote_id
    assert "company_id" in places(draft)


def test_receivers_are_people_of_the_company_with_an_address(draft: Draft, connection: Connection) -> None:
    company = {"company_remote_id": draft.company_remote_id}
    able = make_person(connection, **company)
    draft.contacts = [able.remote_id]
    assert find_faults(draft, make_staff()) == []
    for other in (
        make_person(connection, fullname="Stil", email="", **company),
        make_person(connection, fullname="Weg", removed_at=timezone.now(), **company),
        make_person(connection, fullname="Elders"),
    ):
        draft.contacts = [able.remote_id, other.remote_id]
        assert other.fullname in places(draft)["company_contacts"]
    draft.contacts = [999_999]
    assert "#999999" in places(draft)["company_contacts"]


def test_a_template_that_was_deleted_meanwhile_is_named(draft: Draft, connection: Connection) -> None:
    gone = make_design_template(connection, name="Oud", removed_at=timezone.now())
    draft.design_template_remote_id, draft.text_template_remote_id = gone.remote_id, 77
    assert places(draft) == {
        "design_template_id": "“Oud” is no longer in Offorte. Choose another one.",
        "text_template_id": "#77 is no longer in Offorte. Choose another one.",
    }


@pytest.mark.parametrize(
    ("row", "field", "text"),
    [
        (price_row(text=" "), "text", "Enter text"),
        (price_row(count=""), "count", "Enter a quantity"),
        (price_row(count="-1"), "count", "can’t be below zero"),
        (price_row(count="12345678"), "count", "at most 7 digits"),
        (price_row(price=""), "price", "Enter a price"),
        (price_row(price="~1.0.0"), "price", "“1.0.0” isn’t an amount"),
        (price_row(price="12345678901"), "price", "at most 10 digits"),
        (price_row(price="1.00001"), "price", "at most 4 decimals"),
        (price_row(vat=""), "vat", "Choose a VAT rate"),
        (price_row(vat="101"), "vat", "between 0 and 100"),
        (price_row(vat="-1"), "vat", "between 0 and 100"),
        (Row("discount", "Korting", discount=""), "discount", "Enter a percentage"),
        (Row("discount", "Korting", discount="~€ 50"), "discount", "negative price"),
        (Row("discount", "Korting", discount="150"), "discount", "between 0 and 100"),
        (Row("discount", "Korting", discount="-5"), "discount", "between 0 and 100"),
        (Row("discount", "Korting", discount="1.00001"), "discount", "decimals"),
        (Row("subtotal", ""), "text", "Enter text"),
        (Row("title", ""), "text", "Enter text"),
    ],
)
def test_each_type_of_row_has_what_the_reference_requires(draft: Draft, row: Row, field: str, text: str) -> None:
    draft.tables = dump_tables([Table("t", rows=[price_row(), row])])
    (fault,) = find_faults(draft, make_staff())
    assert fault.place == f"0.1.{field}"
    assert text in fault.text


@pytest.mark.parametrize(
    "row",
    [
        price_row(price="-250"),
        price_row(price="9999999999.9999"),
        price_row(count="0"),
        price_row(price="0.1"),
        price_row(vat="0"),
        price_row(text="", html="<b>x</b>"),
        Row("discount", "Korting", discount="0"),
        Row("discount", "Korting", discount="100"),
    ],
)
def test_what_is_unusual_and_right_passes(draft: Draft, row: Row) -> None:
    draft.tables = dump_tables([Table("t", rows=[row])])
    assert find_faults(draft, make_staff()) == []


@pytest.mark.parametrize(
    ("ids", "expected"),
    [(["", "b"], ["0.id"]), (["a", "a"], ["1.id"]), (["a", "b"], []), ([" ", " "], ["0.id", "1.id"])],
)
def test_every_table_with_rows_has_an_id_of_its_own(draft: Draft, ids: list[str], expected: list[str]) -> None:
    draft.tables = dump_tables([Table(one, rows=[price_row()]) for one in ids] + [Table("")])
    assert list(places(draft)) == expected


def test_a_row_tells_all_that_it_lacks(draft: Draft) -> None:
    draft.tables = dump_tables([Table("t", rows=[Row(text="", count="", price="", vat="")])])
    found: Any = [place for place, _ in find_faults(draft, make_staff())]
    assert found == ["0.0.text", "0.0.count", "0.0.price", "0.0.vat"]
