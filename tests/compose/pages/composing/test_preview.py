"""The preview of a draft: what its recipients will read, before anything is saved or sent."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from contacts.models import Person
from offorte_portal.compose.document import Row
from offorte_portal.compose.models import Draft
from offorte_portal.connections.models import Connection
from offorte_portal.simulator import Simulator
from offorte_portal.writes.models import Operation
from proposals.models import Proposal
from tests.compose.composing import NEW, document, filled, sign_in
from tests.compose.drafting import make_draft, price_row
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db


def show(client: Client, **typed: Any) -> str:
    page = client.get(NEW)
    response = client.post(page.context["action"], filled(page) | typed | {"preview": "1"})
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture(autouse=True)
def english_clients(connection: Connection) -> None:
    Proposal.objects.update(language="en")


def test_it_shows_texts_amounts_and_totals_as_the_server_adds_them_up(
    client: Client, connection: Connection, complete: dict[str, Any], person: Person
) -> None:
    rows = (
        Row("title", "Hout"),
        price_row(count="3", price="0.335"),
        price_row(text="Verf", price="100", optional=True),
        Row("discount", "Korting", discount="10"),
    )
    html = show(client, **complete | {"name": "Dak {company}", "document": document(*rows)})
    assert f"Dak {person.company}" in html
    for text in (
        str(person),
        "Hout",
        "Balk",
        "optional, not chosen",
        "0.335",
        "−0.10",
        "10%",
        "The templates in Offorte",
    ):
        assert text in html
    # 3 × 0.335 is 1.01, less 0.10 is 0.91; 21% of that is 0.19.
    assert re.findall(r'row-(?:net|vat|total)">.*?<td class="number">(.*?)</td>', html) == [
        "€ 0.91", "0.19", "€ 1.10",
    ]  # fmt: skip


def test_nothing_is_saved_or_sent(client: Client, simulator: Simulator, complete: dict[str, Any]) -> None:
    before = len(simulator.requests)
    show(client, **complete)
    assert not Draft.objects.exists()
    assert not Operation.objects.exists()
    assert len(simulator.requests) == before


def test_what_is_not_known_is_a_dash_and_counted(client: Client, complete: dict[str, Any]) -> None:
    html = show(client, **complete | {"document": document(price_row(price=""), price_row(price="~tien"))})
    assert "2 rows aren’t in the total yet" in html
    assert "0.00" not in html.split("row-net")[1]
    assert html.count("—") >= 4


def test_it_is_in_the_language_of_the_client(client: Client, complete: dict[str, Any]) -> None:
    Proposal.objects.update(language="nl")
    html = show(client, **complete | {"document": document(price_row(price="1234.5"))})
    assert "1.234,50" in html
    assert 'lang="nl"' in html
    assert "The templates in Offorte" in html


def test_what_somebody_types_is_no_markup(client: Client, complete: dict[str, Any]) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    html = show(client, **complete | {"name": evil, "document": document(price_row(text=evil, html=evil))})
    assert "<script" not in html
    assert "onerror=alert" not in html.replace("&lt;img src=x onerror=alert", "")


def test_a_draft_that_is_too_long_says_so(client: Client, connection: Connection) -> None:
    html = show(client, document=document(*(price_row() for _ in range(501))))
    assert "The preview can’t be shown yet." in html
    assert "at most 500 rows" in html


def test_three_hundred_rows_are_shown(client: Client, complete: dict[str, Any]) -> None:
    html = show(client, **complete | {"document": document(*(price_row(price="1") for _ in range(300)))})
    assert html.count('class="row-price') == 300
    assert f"{Decimal(600):,.2f}" in html


def test_only_the_drafts_that_a_person_may_edit_are_shown(connection: Connection) -> None:
    draft = make_draft(connection, make_staff())
    url = f"/compose/{draft.pk}/"
    assert sign_in("Viewer", "vera").post(url, {"preview": "1", "document": document()}).status_code == 403
    assert sign_in("Seller", "sem").post(url, {"preview": "1", "document": document()}).status_code == 404
