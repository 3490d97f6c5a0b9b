"""Drafts as Offorte takes them, and its reasons where they belong."""

from typing import Any

import pytest

from offorte_portal.api.drafts import ProposalDraft, complete_draft
from offorte_portal.compose.document import Row, Table, dump_tables
from offorte_portal.compose.mapping import to_faults, to_request
from offorte_portal.connections.models import Connection
from tests.compose.drafting import make_draft, price_row
from tests.support.factories import make_company, make_connection, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    return make_connection()


def test_every_parameter_and_type_of_row_is_passed_on(connection: Connection) -> None:
    rows = [
        Row("title", "Hout & meer"),
        price_row(html="<b>Balk</b>", optional=True, checked=True, user_count=True),
        price_row(checked=True),
        Row("discount", "Korting", discount="10"),
        Row("subtotal", "Subtotaal"),
    ]
    chosen = {"owner": 1, "proposal_template": 2, "design_template": 3, "text_template": 4, "automations_set": 5}
    company = make_company(connection, name="De Vries")
    draft = make_draft(
        connection,
        make_staff(),
        *rows,
        name=" {company}: dak ",
        company_remote_id=company.remote_id,
        contacts=[7, 8],
        **{f"{name}_remote_id": value for name, value in chosen.items()},
    )
    asked = to_request(draft)
    complete_draft(ProposalDraft, asked)
    price = {"type": "price", "count": "2", "price": "12.5", "vat_percentage": "21"}
    flags = ("userinput_optional", "userinput_optional_checked", "userinput_count")
    assert asked == {
        "name": "De Vries: dak",
        "company_id": company.remote_id,
        "company_contacts": [7, 8],
        "account_user_id": 1,
        "proposal_template_id": 2,
        "design_template_id": 3,
        "text_template_id": 4,
        "automations_set_id": 5,
        "content": {
            "pricetables": [
                {
                    "id": "pricetable1",
                    "rows": [
                        {"type": "title", "content": "<p>Hout &amp; meer</p>"},
                        {**price, "content": "<b>Balk</b>", **dict.fromkeys(flags, True)},
                        # Nothing is chosen beforehand that is not optional.
                        {**price, "content": "<p>Balk</p>", **dict.fromkeys(flags, False)},
                        {"type": "discount", "content": "<p>Korting</p>", "discount": "10"},
                        {"type": "subtotal", "content": "<p>Subtotaal</p>"},
                    ],
                }
            ]
        },
    }


def test_what_nobody_chose_is_left_to_offorte(connection: Connection) -> None:
    draft = make_draft(connection, make_staff(), company_remote_id=3)
    assert to_request(draft) == {"name": "Dak", "company_id": 3}


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("name", "name"),
        ("company_contacts.0", "company_contacts"),
        ("proposal_template_id", "proposal_template_id"),
        # The first table is empty and was not sent.
        ("content.pricetables.0.id", "1.id"),
        ("content.pricetables.0", "1.id"),
        ("content.pricetables.0.rows", "1.id"),
        ("content.pricetables.0.rows.2", "1.2.text"),
        ("content.pricetables.0.rows.2.type", "1.2.type"),
        ("content.pricetables.0.rows.2.content", "1.2.text"),
        ("content.pricetables.0.rows.2.price", "1.2.price"),
        ("content.pricetables.0.rows.2.price.vat_percentage", "1.2.vat"),
        ("content.pricetables.0.rows.2.userinput_count", "1.2.user_count"),
        ("content.pricetables.7.id", ""),
        ("content", ""),
        ("weather", ""),
    ],
)
def test_offortes_reasons_come_to_the_place_that_they_are_about(connection: Connection, name: str, place: str) -> None:
    tables: Any = dump_tables([Table("a"), Table("b", rows=[price_row()])])
    draft = make_draft(connection, make_staff(), tables=tables)
    (fault,) = to_faults(draft, {name: ["is wrong"]})
    assert (fault.place, fault.text) == (place, "is wrong" if place else f"{name}: is wrong")
