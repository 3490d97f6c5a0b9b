"""A proposal on paper: what the prospect is told of prices, nothing that is the portal's own, for who may see it."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from proposals.models import Comment, PriceRow, PriceTable, Proposal, Receiver
from tests.support.bulk import make_member, sign_in
from tests.support.factories import make_company, make_proposal, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return sign_in(make_member("Viewer", "vera"))


@pytest.fixture
def proposal() -> Proposal:
    company = make_company(name="Bakker & Zn", street="Kade 1", zipcode="4811 AB", city="Breda", vat_number="NL001")
    made = make_proposal(
        company=company,
        name="Verbouwing <kantoor>",
        number="2026-1",
        price_total=Decimal(300),
        price_total_display="€ 300,00",
        details_as_of=timezone.now(),
        remarks="Krijgt altijd korting",
        owner_name="Pim Kok",
    )
    Receiver.objects.create(
        proposal=made,
        remote_id=1,
        position=0,
        fullname="Sanne Bakker",
        email="sanne@bakker.nl",
        link="https://secret.example/1",
    )
    Comment.objects.create(
        proposal=made, remote_id=1, position=0, type="client", firstname="Sanne", comment="Kan het <b>sneller</b>?"
    )
    for number in range(2):
        add_table(made, number)
    return made


def add_table(proposal: Proposal, number: int) -> PriceTable:
    vat = [{"percentage": "21", "total": "21.00", "group_name": "Hoog"}]
    table = PriceTable.objects.create(
        proposal=proposal, key=f"t{number}", position=number, subtotal=100, total=121, vat_lines=vat
    )
    rows: list[dict[str, Any]] = [
        {"type": "title", "content": "Werk"},
        {
            "type": "price", "content": "<p>Dak</p><script>alert(1)</script><img src=x>", "count": 2, "price": 60,
            "subtotal": 120, "vat_percentage": 21, "userinput_optional": True, "userinput_optional_checked": False,
        },
        {"type": "discount", "content": "Korting", "discount": 10, "discount_type": "percentage", "subtotal": 20},
        {"type": "subtotal", "content": "Samen", "subtotal": 100},
    ]  # fmt: skip
    for position, row in enumerate(rows):
        PriceRow.objects.create(table=table, position=position, **row)
    return table


def show(client: Client, proposal: Proposal, query: str = "") -> str:
    response = client.get(f"/print/proposals/{proposal.pk}/{query}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split()).replace("\u00a0", " ")


def test_it_says_who_what_and_how_much(client: Client, proposal: Proposal) -> None:
    html = show(client, proposal)
    for text in (
        "Verbouwing &lt;kantoor&gt;", "Bakker &amp; Zn", "Kade 1", "4811 AB Breda", "NL001", "2026-1", "Sanne Bakker",
        "Pim Kok", "optional, not chosen", "10% discount", "−20.00", "VAT 21%", "€ 121.00",
    ):  # fmt: skip
        assert text in html, text
    together = html[html.index("All price tables together") :]
    assert re.findall(r"€ [\d.]+|>42\.00", together) == ["€ 200.00", ">42.00", "€ 242.00", "€ 300.00"]


def test_nothing_runs_and_nothing_is_told_that_is_not_for_paper(client: Client, proposal: Proposal) -> None:
    html = show(client, proposal)
    assert re.findall(r"<script[^>]*>", html) == ['<script src="/static/proposals/js/print.js" defer>']
    for text in ("alert", "<img", "secret.example", "Krijgt altijd korting", "sidebar", "sneller"):
        assert text not in html, text


def test_comments_are_there_where_they_are_asked_for(client: Client, proposal: Proposal) -> None:
    html = show(client, proposal, "?comments=yes")
    assert "Kan het &lt;b&gt;sneller&lt;/b&gt;?" in html


def test_one_that_was_never_read_says_so(client: Client) -> None:
    assert "read this proposal" in show(client, make_proposal())


def test_it_is_in_the_readers_language(proposal: Proposal) -> None:
    client = Client(headers={"accept-language": "nl"})
    client.force_login(make_staff())
    html = show(client, proposal)
    assert 'lang="nl"' in html
    assert "€ 121,00" in html


def test_it_is_for_who_may_see_the_proposal(client: Client, proposal: Proposal) -> None:
    assert sign_in(make_staff(is_superuser=False)).get(f"/print/proposals/{proposal.pk}/").status_code == 403
    assert Client().get(f"/print/proposals/{proposal.pk}/").status_code == 302
    assert client.get("/print/proposals/99999/").status_code == 404
    assert (
        f'href="/print/proposals/{proposal.pk}/"'
        in client.get(f"/proposals/proposal/{proposal.pk}/change/").content.decode()
    )


def test_few_queries(client: Client, proposal: Proposal, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        show(client, proposal, "?comments=yes")
