"""What drafts begin with, and what of a proposal can be taken over."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User

from contacts.models import Company
from offorte_portal.adminkit.html import sanitise
from offorte_portal.compose import sources
from offorte_portal.compose.document import Table, dump_tables
from offorte_portal.compose.totals import Vat
from offorte_portal.connections.models import Connection
from offorte_portal.writes.models import Operation
from proposals.models import PriceRow, PriceTable, Proposal
from tests.compose.drafting import make_draft, price_row
from tests.support.factories import (
    link,
    make_account_user,
    make_company,
    make_connection,
    make_design_template,
    make_person,
    make_product,
    make_proposal,
    make_staff,
    make_vat_group,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return make_staff("sanne", email="Sanne@example.com")


@pytest.fixture
def connection() -> Connection:
    return make_connection()


@pytest.fixture
def company(connection: Connection) -> Company:
    return make_company(connection)


def test_an_empty_draft_is_owned_by_who_begins_it(connection: Connection, user: User) -> None:
    assert sources.start_empty(connection, User.objects.get(pk=user.pk)).owner_remote_id is None
    make_account_user(connection, email="sanne@example.com")
    owner = link(user, connection, email="other@example.com")
    draft = sources.start_empty(connection, user)
    assert (draft.owner_remote_id, draft.tables) == (owner.remote_id, dump_tables([Table()]))
    assert not draft.pk


def test_templates_and_tables_are_those_of_the_last_created(connection: Connection, user: User) -> None:
    operation = Operation.objects.create(connection=connection, verb="create", target="proposals")
    make_draft(connection, user, price_row(), operation=operation, proposal_template_remote_id=3)
    make_draft(connection, user, proposal_template_remote_id=4)
    draft = sources.start_empty(connection, user)
    assert (draft.proposal_template_remote_id, draft.tables) == (3, dump_tables([Table("pricetable1")]))


def test_the_commonest_unique_ids_of_the_account_are_suggested(connection: Connection, user: User) -> None:
    for number, key in enumerate(("opties", "prijs", "prijs", "")):
        PriceTable.objects.create(proposal=make_proposal(connection), key=key, position=number)
    PriceTable.objects.create(proposal=make_proposal(make_connection()), key="elders", position=0)
    assert sources.suggest_ids(connection) == ["prijs", "opties"]
    assert sources.start_empty(connection, user).tables[0]["id"] == "prijs"


def test_the_only_one_who_can_receive_it_is_chosen(company: Company, user: User) -> None:
    theirs = {"company": company, "company_remote_id": company.remote_id}
    make_person(company.connection, email="", **theirs)
    able = make_person(company.connection, **theirs)
    draft = sources.start_for_company(company, user)
    assert (draft.company_remote_id, draft.contacts) == (company.remote_id, [able.remote_id])
    make_person(company.connection, **theirs)
    assert sources.start_for_company(company, user).contacts == []


def test_what_is_known_of_a_product_is_filled_in(connection: Connection, user: User) -> None:
    product = make_product(
        connection,
        name="Balk",
        price=Decimal("12.5000"),
        descr_short="<p>van <b>vuren</b></p>",
        is_optional=True,
        vat_group=make_vat_group(connection, vat=Decimal(21)),
    )
    (row,) = sources.start_with_product(product, user).tables[0]["rows"]
    known = {"text": "Balk\nvan vuren", "price": "12.5", "vat": "21", "optional": True, "count": "1"}
    assert row == {"type": "price", "checked": False, "user_count": False, **known}


def test_what_is_not_known_of_a_product_stays_empty(connection: Connection) -> None:
    row = sources.product_row(make_product(connection, name="Balk", descr_short="Balk"))
    assert (row.text, row.price, row.vat, row.optional) == ("Balk", "", "", False)


@pytest.fixture
def proposal(company: Company) -> Proposal:
    template = make_design_template(company.connection)
    made = make_proposal(
        company.connection,
        company=company,
        company_remote_id=company.remote_id,
        design_template_remote_id=template.remote_id,
    )
    made.receivers.create(remote_id=1, position=0, email="SANNE@example.com")
    return made


def add_rows(proposal: Proposal, *rows: dict[str, Any], **table: Any) -> PriceTable:
    made = PriceTable.objects.create(proposal=proposal, key="t", position=0, **table)
    for place, row in enumerate(rows):
        PriceRow.objects.create(table=made, position=place, **({"type": "price", "content": "<p>x</p>"} | row))
    return made


PRICE = {"count": 2, "price": 50, "vat_percentage": 21}


def copy(proposal: Proposal, user: User) -> tuple[Any, list[str]]:
    draft, notes = sources.copy_proposal(proposal, user, sanitise)
    return draft, notes


def test_a_copy_has_the_rows_of_the_proposal(proposal: Proposal, user: User, company: Company) -> None:
    person = make_person(company.connection, company=company, company_remote_id=company.remote_id)
    make_person(company.connection, company_remote_id=company.remote_id, email="pim@example.com")
    flags = {"userinput_optional": True, "userinput_optional_checked": True, "userinput_count": True}
    add_rows(
        proposal,
        {"type": "title", "content": "<h3>Hout</h3><script>alert(1)</script>"},
        {**PRICE, **flags, "content": "<p>Balk</p><ul><li onclick='x()'>vuren</li></ul>"},
        {"type": "discount", "discount": Decimal("12.5000"), "discount_type": "percentage", "content": "Korting"},
        {"type": "subtotal", "content": "Subtotaal"},
        rows_include_vat=True,
    )
    draft, notes = copy(proposal, user)
    assert notes == []
    assert (draft.name, draft.company_remote_id, draft.contacts) == (
        proposal.name,
        company.remote_id,
        [person.remote_id],
    )
    assert draft.design_template_remote_id == proposal.design_template_remote_id
    (table,) = draft.tables
    assert (table["id"], table["vat"]) == ("t", Vat.WITHIN.value)
    title, balk, discount, subtotal = table["rows"]
    assert title == {"type": "title", "text": "Hout", "html": "<p><strong>Hout</strong></p>"}
    assert balk == {
        "type": "price",
        "text": "Balk\nvuren",
        "html": "<p>Balk</p><ul><li>vuren</li></ul>",
        "count": "2",
        "price": "50",
        "vat": "21",
        "optional": True,
        "checked": True,
        "user_count": True,
    }
    assert discount == {"type": "discount", "text": "Korting", "discount": "12.5"}
    assert subtotal == {"type": "subtotal", "text": "Subtotaal"}


def test_what_can_not_be_passed_on_is_told(proposal: Proposal, user: User) -> None:
    add_rows(
        proposal,
        {**PRICE, "content": "Balk " + "x" * 80, "discount": 10},
        {"content": "Vrij", "count": None, "price": None, "vat_percentage": None},
        {"type": "discount", "discount": 25, "discount_type": "amount", "content": "Korting"},
        is_vat_hidden=True,
    )
    draft, notes = copy(proposal, user)
    assert [note.split("”")[0] for note in notes] == ["“Balk " + "x" * 54 + "…", "“Korting"]
    _balk, free, off = draft.tables[0]["rows"]
    assert (free["count"], free["price"], free["vat"]) == ("", "", "")
    assert (off["type"], off["count"], off["price"], off["vat"]) == ("price", "1", "-25", "21")
    assert draft.tables[0]["vat"] == Vat.HIDDEN.value


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        # 100 above: 10 percent takes off 10, too, so that it may be either.
        ({"discount": 10, "subtotal": -10}, False),
        ({"discount": 20, "subtotal": -20}, False),
        ({"discount": 25, "subtotal": Decimal("-24.99")}, False),
        ({"discount": 250, "subtotal": -100}, False),
        ({"discount": None, "subtotal": -30}, True),
        ({"discount": 30, "subtotal": None}, False),
        ({"discount": 30, "subtotal": -30, "discount_type": "amount"}, True),
        ({"discount": 30, "subtotal": -5, "discount_type": "percentage"}, False),
    ],
)
def test_what_was_taken_off_tells_whether_it_was_an_amount(
    proposal: Proposal, user: User, row: dict[str, Any], expected: bool
) -> None:
    add_rows(proposal, PRICE, {"type": "discount", **row})
    draft, _ = copy(proposal, user)
    assert (draft.tables[0]["rows"][1]["type"] == "price") is expected


def test_a_discount_of_an_amount_is_known_by_what_it_took_off(proposal: Proposal, user: User) -> None:
    add_rows(proposal, {**PRICE, "price": 500}, {"type": "discount", "discount": 20, "subtotal": -20})
    draft, notes = copy(proposal, user)
    assert (draft.tables[0]["rows"][1]["price"], len(notes)) == ("-20", 1)
    assert copy(make_proposal(proposal.connection), user)[0].tables == [{"id": "t", "vat": "excl", "rows": []}]


def test_an_amount_before_any_price_has_the_tables_rate(proposal: Proposal, user: User) -> None:
    add_rows(proposal, {"type": "discount", "discount_type": "amount", "subtotal": -20}, vat_default_percentage=9)
    assert copy(proposal, user)[0].tables[0]["rows"][0]["vat"] == "9"


def test_a_person_with_an_address_receives_their_companys_proposal(company: Company, user: User) -> None:
    theirs = {"company": company, "company_remote_id": company.remote_id}
    make_person(company.connection, **theirs)
    able = make_person(company.connection, **theirs)
    draft = sources.start_for_person(able, user)
    assert (draft.company_remote_id, draft.contacts) == (company.remote_id, [able.remote_id])
    assert sources.start_for_person(make_person(company.connection, email="", **theirs), user).contacts == []
    assert sources.start_for_person(make_person(company.connection), user).company_remote_id is None
